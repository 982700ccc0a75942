import type { ServiceDeps } from '@openprm/lifecycle';

/** What the outside gives to use cases. */
export type Deps = ServiceDeps;
