import { CaseServiceService, type CaseServiceServer } from '@openprm/contracts/supportcase';
import type { ServiceParts } from '@openprm/lifecycle';
import { init } from './db/migrations/1-init';
import type { Deps } from './deps';
import { subscriptions } from './events/subscriptions';
import { caseHandlers } from './grpc/cases';
import { configurationHandlers } from './grpc/configuration';
import { moveHandlers } from './grpc/moves';
import { policy } from './grpc/policy';
import { runDeadlines } from './usecases/run-deadlines';

export const migrations = [init];

/** Deadlines are minutes at the shortest; a few seconds late does no harm, since a breach counts from when it was due. */
const LOOK_EVERY_MS = 5_000;

/** Every part of the service by name; tests start this too. */
export const app: ServiceParts<CaseServiceServer, Deps> = {
  name: 'case',
  migrations,
  definition: CaseServiceService,
  policy,
  deps: (given) => given,
  handlers: (deps) => ({ ...caseHandlers(deps), ...moveHandlers(deps), ...configurationHandlers(deps) }),
  subscriptions,
  timers: (deps) => [{ name: 'case deadlines', everyMs: LOOK_EVERY_MS, work: () => runDeadlines(deps) }],
};
