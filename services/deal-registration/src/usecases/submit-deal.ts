import { SYSTEM, type Caller } from '@openprm/access';
import { notFound } from '@openprm/errors';
import { transact, type Command, type Tx } from '@openprm/postgres';
import { findCandidates, lockCustomers } from '../db/claims';
import { countOpenUnproven, type DealView } from '../db/deals';
import { loadDealForSystem } from '../db/due';
import type { Deps } from '../deps';
import type { Candidate } from '../domain/conflict';
import { claimKeys } from '../domain/claim';
import type { Deal } from '../domain/deal';
import { autoApproveDeal, submitDeal as submit } from '../domain/submit-deal';
import { termsOf, type Terms } from '../domain/terms';
import { moveDeal, type DealRef } from './move-deal';
import { storeDeal } from './store';

/** Claims the customer. Where the program lets a rule decide, it does so at once, in a transaction of its own. */
export async function submitDeal(deps: Deps, command: Command, caller: Caller, ref: DealRef): Promise<DealView> {
  const view = await moveDeal(deps, command, caller, ref, 'submit', async (tx, moving) => {
    const { deal, terms, partnerDomains } = moving;
    const candidates = await candidatesFor(tx, { ...deal, customerKeys: claimKeys(deal, partnerDomains) }, terms, command.now);
    const openUnproven = await countOpenUnproven(tx, deal.partnerId);
    const facts = {
      submitter: moving.person,
      terms,
      calendar: deps.settings.calendar,
      partnerState: moving.partnerState,
      openUnproven,
      partnerDomains,
      candidates,
      protectionId: deps.newId(),
      routing: {
        hasRelationshipManager: moving.hasRelationshipManager,
        relationshipManagerLimits: deps.settings.relationshipManagerLimits,
      },
    };
    return submit(deal, facts, command.now);
  });
  const mayBeApproved = view.deal.timers.some((timer) => timer.kind === 'AUTO_APPROVE');
  // The claim stands whatever comes of this; where it cannot be decided just now, the timer tries again.
  return mayBeApproved ? { ...view, deal: await autoApprove(deps, view.deal.id).catch(() => view.deal) } : view;
}

/** Records that share a key with the deal's customer. */
export const candidatesFor = (
  tx: Tx,
  deal: Pick<Deal, 'customerKeys' | 'partnerId'>,
  terms: Pick<Terms, 'coolDownDays'>,
  now: Date,
): Promise<Candidate[]> => findCandidates(tx, deal.customerKeys, deal.partnerId, new Date(now.getTime() - terms.coolDownDays * 86_400_000));

/** Approves by rule under the lock on the customer. A deal that has moved on in the meantime, or was approved before, stays as it is. */
export async function autoApprove(deps: Deps, id: string): Promise<Deal> {
  const now = deps.clock();
  return transact(deps, systemCommand('AutoApprove', now), async (tx) => {
    const found = await loadDealForSystem(tx, id);
    if (!found) throw notFound('deal');
    if (found.deal.state !== 'SUBMITTED' || !found.deal.timers.some((timer) => timer.kind === 'AUTO_APPROVE')) return found.deal;
    await lockCustomers(tx, found.deal.customerKeys);
    const terms = termsOf(found.offers, found.deal.programId);
    const decision = autoApproveDeal(found.deal, { terms, candidates: await candidatesFor(tx, found.deal, terms, now) }, now);
    return storeDeal(tx, deps, found.deal, decision, { actor: SYSTEM, now });
  });
}

/** The command of a timer; it has no key, because what it does is guarded by the record's state. */
export const systemCommand = (method: string, now: Date): Command => ({ actor: SYSTEM, principal: 'system', method, now, fingerprint: '' });
