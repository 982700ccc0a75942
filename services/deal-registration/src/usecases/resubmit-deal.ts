import type { Caller } from '@openprm/access';
import { transact, type Command } from '@openprm/postgres';
import type { DealView } from '../db/deals';
import { loadPartnerContext } from '../db/partners';
import { dealScope } from '../db/visible';
import type { Deps } from '../deps';
import { resubmitDeal as resubmit } from '../domain/register-deal';
import { loadForMove, type DealRef } from './move-deal';
import { storeDeal } from './store';
import { candidatesFor } from './submit-deal';

/** A new linked draft; the old deal stays as it ended. */
export function resubmitDeal(deps: Deps, command: Command, caller: Caller, ref: DealRef): Promise<DealView> {
  return transact(deps, command, async (tx) => {
    const moving = await loadForMove(tx, deps, command, caller, ref, 'resubmit');
    const { deal: old, terms, person, standing } = moving;
    const candidates = await candidatesFor(tx, old, terms, command.now);
    const anotherWaits = candidates.some(
      (each) => each.partnerId !== old.partnerId && ['SUBMITTED', 'IN_REVIEW', 'INFO_REQUESTED'].includes(each.state),
    );
    const { number } = await loadPartnerContext(tx, caller, dealScope(caller), {
      partnerId: old.partnerId,
      ownerPersonId: null,
      customerId: null,
    });
    const owner =
      standing.associate || standing.manager
        ? { ownerPersonId: person.personId, ownerName: person.name }
        : { ownerPersonId: old.ownerPersonId, ownerName: old.ownerName };
    const decision = resubmit(old, { id: deps.newId(), number, ...owner, anotherWaits }, terms, command.now);
    return { ...moving, deal: storeDeal(tx, deps, null, decision, command) };
  });
}
