import { failedPrecondition } from '@openprm/errors';
import { collide, coverage, protectionEnd, type Protection } from './protection';
import { keptKeys, undecided, type Candidate, type ConflictCheck } from './conflict';
import { changed, type Deal, type DealDecision, type Person, type Timer } from './deal';
import { stateAfter } from './deal-moves';
import { dealType } from './deal-types';
import { conflictNotice } from './notice';
import type { Terms } from './terms';
import { recheck } from './claim';

export interface ApproveInput {
  approver: Person;
  withoutProtection: boolean;
  comment: string;
  internalNote: string;
}

export interface ApproveFacts {
  terms: Terms;
  /** Read again inside the approval, under the lock on the customer. */
  candidates: readonly Candidate[];
}

/** Approves, with a protection from now on unless the type claims none or the approver leaves it out. */
export function approveDeal(deal: Deal, input: ApproveInput, facts: ApproveFacts, now: Date): DealDecision {
  stateAfter(deal, 'approve');
  requireOther(deal, input.approver);
  const conflict = recheck(deal, facts.terms, facts.candidates, now);
  requireDecided(conflict);
  const customerKeys = keptKeys(deal.id, deal.customerKeys, facts.candidates, conflict);
  const withProtection = dealType(deal.type)!.claimsProtection && !input.withoutProtection && !joinsCompatible(conflict);
  if (withProtection) requireFree(deal, customerKeys, facts, now);
  const after = approved(deal, { terms: facts.terms, conflict, customerKeys, withProtection }, now);
  return {
    deal: { ...after, approverName: input.approver.name, reason: input.comment, internalNote: input.internalNote || deal.internalNote },
    move: 'approve',
    events: [{ type: 'DealApproved' }],
    comment: input.comment,
    internalNote: input.internalNote,
  };
}

/** The person who submitted cannot decide; a program or an empty id never equals a person. */
export function requireOther(deal: Deal, person: Person): void {
  if (person.personId !== null && person.personId === deal.submittedBy)
    throw failedPrecondition('OWN_SUBMISSION', 'You submitted this deal: another person has to decide.');
}

export interface Approval {
  terms: Terms;
  conflict: ConflictCheck;
  customerKeys: string[];
  withProtection: boolean;
}

/** The deal once it is approved. Without a protection the approval still ends on the same day, or it would stay for ever. */
export function approved(deal: Deal, { terms, conflict, customerKeys, withProtection }: Approval, now: Date): Deal {
  const end = protectionEnd(now, terms);
  const covered = coverage(deal.lines, deal.customer.country, terms);
  const active: Protection | null =
    withProtection && deal.protection ? { id: deal.protection.id, state: 'ACTIVE', ...covered, start: now, end, releaseReason: '' } : null;
  return changed(deal, now, {
    state: 'APPROVED',
    decideTime: now,
    customerKeys,
    conflict,
    conflictNotice: conflictNotice(conflict, terms.disclosure),
    queued: false,
    protection:
      active ?? (deal.protection && { ...deal.protection, state: 'RELEASED', end: now, releaseReason: 'APPROVED_WITHOUT_PROTECTION' }),
    dueTime: null,
    pausedMinutes: null,
    timers: protectionTimers(end, active ? terms.noticeDays : [], now),
  });
}

export function protectionTimers(end: Date, noticeDays: readonly number[], now: Date): Timer[] {
  const notices = noticeDays
    .map((days): Timer => ({ at: new Date(end.getTime() - days * 86_400_000), kind: 'NOTICE', days }))
    .filter((timer) => timer.at > now);
  return [...notices, { at: end, kind: 'PROTECTION_ENDS', days: 0 }];
}

function requireDecided(conflict: ConflictCheck): void {
  const [open] = undecided(conflict);
  if (!open) return;
  const number = open.dealNumber || 'a direct opportunity';
  if (open.verdict === 'BLOCK')
    throw failedPrecondition('CUSTOMER_PROTECTED', `${number} protects this customer: wait for its end, or let two admins decide.`, {
      match: open.dealId ?? '',
    });
  throw failedPrecondition('CONFLICT_UNDECIDED', `Decide about ${number} first.`, { match: open.dealId ?? open.opportunityId ?? '' });
}

const joinsCompatible = (conflict: ConflictCheck): boolean =>
  conflict.matches.some((match) => (match.kind === 'COMPATIBLE' || match.decision === 'COMPATIBLE') && match.protectionEnd !== null);

/** Whatever the verdict and its decisions say: no second protection of the same scope. */
function requireFree(deal: Deal, keys: readonly string[], { terms, candidates }: ApproveFacts, now: Date): void {
  const mine = coverage(deal.lines, deal.customer.country, terms);
  const holder = candidates.find(
    (each) =>
      each.dealId !== deal.id &&
      each.protectionState === 'ACTIVE' &&
      each.protectionEnd !== null &&
      each.protectionEnd >= now &&
      each.keys.some((key) => keys.includes(key)) &&
      collide(mine, each),
  );
  if (holder) throw customerProtected(holder.dealNumber);
}

export const customerProtected = (number = '') =>
  failedPrecondition(
    'CUSTOMER_PROTECTED',
    `${number || 'Another deal'} protects this customer: approve without protection, or wait for its end.`,
  );
