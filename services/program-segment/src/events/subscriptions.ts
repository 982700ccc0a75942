import { accessSubscriptions } from '@openprm/access';
import type { EventHandler } from '@openprm/messaging';
import type { Deps } from '../deps';
import { followPartnerState } from '../usecases/follow';

/**
 * Copies of partners and memberships are kept as everywhere; after each event of a partner its enrolments follow. They follow the copy and
 * not the event, so that an old event that comes late does nothing.
 */
export const subscriptions = (deps: Deps): EventHandler[] =>
  accessSubscriptions.map((copy) => (isOfPartners(copy) ? following(deps, copy) : copy));

const isOfPartners = ({ types }: EventHandler): boolean => types.includes('prm.partnerdirectory.v1.PartnerSuspended');

const following = (deps: Deps, copy: EventHandler): EventHandler => ({
  types: copy.types,
  async handle(tx, event) {
    await copy.handle(tx, event);
    await followPartnerState(tx, deps, event.subject, deps.clock());
  },
});
