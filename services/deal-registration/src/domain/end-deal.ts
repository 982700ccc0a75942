import { failedPrecondition } from '@openprm/errors';
import { changed, type Deal, type DealDecision, type Person } from './deal';
import { stateAfter } from './deal-moves';
import { ended } from './review-deal';

export function withdrawDeal(deal: Deal, reason: string, now: Date): DealDecision {
  const state = stateAfter(deal, 'withdraw');
  return {
    deal: changed(deal, now, { ...ended(deal, 'WITHDRAWN', now), state, reason }),
    move: 'withdraw',
    events: [{ type: 'DealWithdrawn' }],
    comment: reason,
  };
}

export function requestDealRevocation(deal: Deal, input: { person: Person; reason: string }, now: Date): DealDecision {
  stateAfter(deal, 'requestRevocation');
  const after = changed(deal, now, {
    revocationRequestedBy: input.person.personId,
    revocationRequestedByName: input.person.name,
    internalNote: input.reason,
  });
  return { deal: after, move: 'requestRevocation', events: [{ type: 'DealRevocationRequested' }], internalNote: input.reason };
}

/** Takes an approval back for fraud or false data; never by one person alone. */
export function revokeDeal(deal: Deal, input: { person: Person; internalNote: string }, now: Date): DealDecision {
  const state = stateAfter(deal, 'revoke');
  if (!deal.revocationRequestedBy || deal.revocationRequestedBy === input.person.personId) {
    throw failedPrecondition('SECOND_PERSON_NEEDED', 'One admin asks with RequestDealRevocation, another revokes.');
  }
  const after = changed(deal, now, {
    ...ended(deal, 'REVOKED', now),
    state,
    decideTime: now,
    rejectCode: 'OTHER',
    reason: 'The approval was revoked.',
    internalNote: input.internalNote || deal.internalNote,
  });
  return {
    deal: after,
    move: 'revoke',
    events: [{ type: 'DealRevoked' }],
    reason: 'REVOKED',
    internalNote: input.internalNote || deal.internalNote,
  };
}

/** Ends the protection of a deal while the deal stays: its opportunity closed, or two admins let another claim go first. */
export function releaseProtection(deal: Deal, why: string, now: Date): DealDecision {
  const protection = deal.protection && { ...deal.protection, state: 'RELEASED' as const, end: now, releaseReason: why };
  const timers = deal.state === 'APPROVED' ? deal.timers.filter((timer) => timer.kind === 'PROTECTION_ENDS') : [];
  return {
    deal: changed(deal, now, { protection, timers }),
    move: 'releaseProtection',
    events: [{ type: 'DealProtectionChanged' }],
    reason: why,
  };
}
