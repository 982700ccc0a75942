import { ProgramSegmentServiceService, type ProgramSegmentServiceServer } from '@openprm/contracts/programsegment';
import type { ServiceParts } from '@openprm/lifecycle';
import { init } from './db/migrations/1-init';
import type { Deps } from './deps';
import { subscriptions } from './events/subscriptions';
import { enrolmentHandlers } from './grpc/enrolments';
import { policy } from './grpc/policy';
import { programHandlers } from './grpc/programs';
import { migrateEnrolments, runDueMoves } from './usecases/follow';

export const migrations = [init];

/** Every part of the service by name; tests start this too. */
export const app = (): ServiceParts<ProgramSegmentServiceServer, Deps> => ({
  name: 'program-segment',
  migrations,
  definition: ProgramSegmentServiceService,
  policy,
  deps: (given) => given,
  handlers: (deps) => ({ ...programHandlers(deps), ...enrolmentHandlers(deps) }),
  subscriptions,
  timers: (deps) => [
    { name: 'due-moves', everyMs: 60_000, work: () => runDueMoves(deps) },
    // Members follow a publication within seconds, whichever copy of the service published.
    { name: 'migrate-enrolments', everyMs: 1_000, work: () => migrateEnrolments(deps) },
  ],
});
