import { QuotingServiceService, type QuotingServiceServer } from '@openprm/contracts/quoting';
import type { ServiceParts } from '@openprm/lifecycle';
import { init } from './db/migrations/1-init';
import type { Deps } from './deps';
import { subscriptions } from './events/subscriptions';
import { catalogHandlers } from './grpc/catalog';
import { policy } from './grpc/policy';
import { quoteHandlers } from './grpc/quotes';
import { endValidity } from './usecases/end-validity';

export const migrations = [init];

/** Every part of the service by name; tests start this too. */
export const app = (settings: { expiryEveryMs: number }): ServiceParts<QuotingServiceServer, Deps> => ({
  name: 'quoting',
  migrations,
  definition: QuotingServiceService,
  policy,
  deps: ({ database, newId, clock, afterCommit }) => ({ database, newId, clock, afterCommit }),
  handlers: (deps) => ({ ...catalogHandlers(deps), ...quoteHandlers(deps) }),
  subscriptions,
  timers: (deps) => [{ name: 'end-validity', everyMs: settings.expiryEveryMs, work: () => endValidity(deps) }],
});
