import { DealRegistrationServiceService, type DealRegistrationServiceServer } from '@openprm/contracts/dealregistration';
import type { ServiceParts } from '@openprm/lifecycle';
import { forgetAnswers } from '@openprm/postgres';
import { init } from './db/migrations/1-init';
import { routing } from './db/migrations/2-routing';
import type { Deps, Settings } from './deps';
import { subscriptions } from './events/subscriptions';
import { dealHandlers } from './grpc/deals';
import { figureHandlers } from './grpc/figures';
import { importHandlers } from './grpc/import';
import { opportunityHandlers } from './grpc/opportunities';
import { policy } from './grpc/policy';
import { runDueTimers, wakeQueued } from './usecases/run-timers';

export const migrations = [init, routing];

const KEEP_ANSWERS_DAYS = 7;

/** Every part of the service by name; tests start this too. */
export const app = (settings: Settings): ServiceParts<DealRegistrationServiceServer, Deps> => ({
  name: 'deal-registration',
  migrations,
  definition: DealRegistrationServiceService,
  policy,
  deps: (given) => ({ ...given, settings }),
  handlers: (deps) => ({ ...dealHandlers(deps), ...opportunityHandlers(deps), ...figureHandlers(deps), ...importHandlers(deps) }),
  subscriptions,
  timers: (deps) => [
    { name: 'deal-clocks', everyMs: 2_000, work: () => runDueTimers(deps) },
    { name: 'queued-deals', everyMs: 10_000, work: () => wakeQueued(deps) },
    { name: 'kept-answers', everyMs: 3_600_000, work: () => forgetAnswers(deps.database, KEEP_ANSWERS_DAYS) },
  ],
});
