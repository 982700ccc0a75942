import { checkConflict, type Candidate, type Claim, type ConflictCheck } from './conflict';
import { customerKeys, identify } from './customer-keys';
import type { Deal } from './deal';
import { conflictNotice } from './notice';
import { coverage } from './protection';
import type { Terms } from './terms';

export const claimKeys = (deal: Pick<Deal, 'customer'>, partnerDomains: readonly string[]): string[] =>
  customerKeys(identify(deal.customer, partnerDomains));

/** What a check leaves on the deal. */
export const checked = (
  conflict: ConflictCheck,
  terms: Pick<Terms, 'disclosure'>,
): Pick<Deal, 'conflict' | 'conflictNotice' | 'queued'> => ({
  conflict,
  conflictNotice: conflictNotice(conflict, terms.disclosure),
  queued: conflict.matches.some((match) => match.verdict === 'BLOCK' && !match.confirmedBy),
});

export function recheck(deal: Deal, terms: Terms, candidates: readonly Candidate[], now: Date): ConflictCheck {
  return checkConflict(
    claimOf(deal, coverage(deal.lines, deal.customer.country, terms)),
    candidates,
    terms.coolDownDays,
    now,
    deal.conflict,
  );
}

export const claimOf = (deal: Deal, covered: { families: string[]; country: string }): Claim => ({
  dealId: deal.id,
  partnerId: deal.partnerId,
  type: deal.type,
  keys: deal.customerKeys,
  ...covered,
  firstCompleteTime: deal.firstCompleteTime ?? deal.createTime,
});
