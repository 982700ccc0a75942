import { accessSubscriptions } from '@openprm/access';
import { OrderServiceService, type OrderServiceServer } from '@openprm/contracts/order';
import type { ServiceParts } from '@openprm/lifecycle';
import { init } from './db/migrations/1-init';
import type { Deps } from './deps';
import type { ReviewSettings } from './domain/settings';
import { referenceSubscriptions } from './events/references';
import { moveHandlers } from './grpc/moves';
import { orderHandlers } from './grpc/orders';
import { policy } from './grpc/policy';

export const migrations = [init];

/** Every part of the service by name; tests start this too. */
export const app = (settings: ReviewSettings): ServiceParts<OrderServiceServer, Deps> => ({
  name: 'order',
  migrations,
  definition: OrderServiceService,
  policy,
  deps: (given) => ({ ...given, settings }),
  handlers: (deps) => ({ ...orderHandlers(deps), ...moveHandlers(deps) }),
  subscriptions: () => [...accessSubscriptions, ...referenceSubscriptions],
  timers: () => [],
});
