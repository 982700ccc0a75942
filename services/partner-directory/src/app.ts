import { PartnerDirectoryServiceService, type PartnerDirectoryServiceServer } from '@openprm/contracts/partnerdirectory';
import type { ServiceParts } from '@openprm/lifecycle';
import { init } from './db/migrations/1-init';
import type { Deps, Settings } from './deps';
import { customerHandlers } from './grpc/customers';
import { partnerHandlers } from './grpc/partners';
import { policy } from './grpc/policy';
import { staffHandlers } from './grpc/staff';

export const migrations = [init];

/** Every part of the service by name; tests start this too. */
export const app = (settings: Settings): ServiceParts<PartnerDirectoryServiceServer, Deps> => ({
  name: 'partner-directory',
  migrations,
  definition: PartnerDirectoryServiceService,
  policy,
  deps: (given) => ({ ...given, settings }),
  handlers: (deps) => ({ ...partnerHandlers(deps), ...staffHandlers(deps), ...customerHandlers(deps) }),
  // The directory listens to nobody: everything else is built on what it says.
  subscriptions: () => [],
  timers: () => [],
});
