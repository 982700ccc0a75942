import { failedPrecondition, permissionDenied } from '@openprm/errors';
import { addBusinessDays, addBusinessMinutes, businessMinutesBetween, minutesPerDay, type BusinessCalendar } from './business-calendar';
import { isSameRecord, type Candidate, type Match, type MatchDecision } from './conflict';
import { changed, type Deal, type DealContent, type DealDecision, type Evidence, type Person, type RejectCode } from './deal';
import { stateAfter } from './deal-moves';
import { requireOther } from './approve-deal';
import { coverage } from './protection';
import { checkContent } from './register-deal';
import { checked, claimKeys, recheck } from './claim';
import type { Terms } from './terms';

/** Business days a reviewer has once the deal is taken. */
const REVIEW_DAYS = 5;

export interface ReviewFacts {
  terms: Terms;
  calendar: BusinessCalendar;
}

export function takeDeal(deal: Deal, reviewer: Person, { calendar }: ReviewFacts, now: Date): DealDecision {
  const state = stateAfter(deal, 'take');
  const timers = deal.timers.filter((timer) => timer.kind !== 'AUTO_APPROVE');
  const after = changed(deal, now, {
    state,
    reviewerId: reviewer.personId,
    reviewerName: reviewer.name,
    dueTime: addBusinessDays(calendar, now, REVIEW_DAYS),
    timers,
  });
  return { deal: after, move: 'take', events: [{ type: 'DealTaken' }] };
}

/** Asks the partner. The review clock stops; reminders and the end of patience are fixed now. */
export function requestDealInfo(
  deal: Deal,
  input: { text: string; internalNote: string },
  { terms, calendar }: ReviewFacts,
  now: Date,
): DealDecision {
  const state = stateAfter(deal, 'requestInfo');
  const after = changed(deal, now, {
    state,
    infoRequest: input.text,
    infoAnswer: '',
    internalNote: input.internalNote || deal.internalNote,
    pausedMinutes: deal.dueTime ? Math.max(0, businessMinutesBetween(calendar, now, deal.dueTime)) : REVIEW_DAYS * minutesPerDay(calendar),
    dueTime: addBusinessDays(calendar, now, terms.infoDueDays),
    timers: [
      ...deal.timers,
      ...terms.infoReminderDays.map((days) => ({ at: addBusinessDays(calendar, now, days), kind: 'REMIND' as const, days })),
      { at: addBusinessDays(calendar, now, terms.infoLapseDays), kind: 'LAPSE', days: terms.infoLapseDays },
    ],
  });
  return {
    deal: after,
    move: 'requestInfo',
    events: [{ type: 'DealInfoRequested' }],
    comment: input.text,
    internalNote: input.internalNote,
  };
}

export interface DealAnswer extends Partial<Pick<DealContent, 'customer' | 'lines' | 'amount' | 'expectedCloseDate'>> {
  text: string;
  evidence: Evidence[];
}

export interface AnswerFacts extends ReviewFacts {
  partnerDomains: readonly string[];
  candidates: readonly Candidate[];
}

/** The partner answers and may correct key fields. The place in line stays unless the customer is another one now. */
export function answerDealInfo(deal: Deal, answer: DealAnswer, facts: AnswerFacts, now: Date): DealDecision {
  const state = stateAfter(deal, 'answer');
  const { text, evidence, ...key } = answer;
  const edited = { ...deal, ...key, evidence: [...deal.evidence, ...evidence] };
  checkContent(edited);
  const customerKeys = claimKeys(edited, facts.partnerDomains);
  const sameCustomer = customerKeys.some((each) => deal.customerKeys.includes(each));
  const claim = { ...edited, customerKeys, firstCompleteTime: sameCustomer ? deal.firstCompleteTime : now };
  const conflict = recheck(claim, facts.terms, facts.candidates, now);
  const after = changed(claim, now, {
    state,
    infoAnswer: text,
    ...checked(conflict, facts.terms),
    protection: deal.protection && { ...deal.protection, ...coverage(claim.lines, claim.customer.country, facts.terms) },
    dueTime: addBusinessMinutes(facts.calendar, now, deal.pausedMinutes ?? 0),
    pausedMinutes: null,
    timers: deal.timers.filter((timer) => timer.kind !== 'REMIND' && timer.kind !== 'LAPSE'),
  });
  return { deal: after, move: 'answer', events: [{ type: 'DealAnswered' }], comment: text };
}

export interface ConflictDecisionInput {
  dealId: string | null;
  opportunityId: string | null;
  decision: MatchDecision;
  reason: string;
  person: Person;
  /** Only an enterprise admin may decide about a block. */
  isAdmin: boolean;
}

/**
 * Records a decision about one match; the check runs anew first, so that the reviewer decides about facts of now. A block takes
 * two admins: the second, with the same decision, confirms. `releases` names the deal whose protection then ends.
 */
export function decideDealConflict(
  deal: Deal,
  input: ConflictDecisionInput,
  facts: ReviewFacts & { candidates: readonly Candidate[] },
  now: Date,
): DealDecision & { releases: string | null } {
  stateAfter(deal, 'decideConflict');
  requireOther(deal, input.person);
  const fresh = recheck(deal, facts.terms, facts.candidates, now);
  const match = fresh.matches.find((each) => isSameRecord(each, input));
  if (!match) throw failedPrecondition('STALE_MATCH', 'The conflict check does not find this record (any more).');
  const isBlock = match.verdict === 'BLOCK';
  if (isBlock && !input.isAdmin) throw permissionDenied('Only an enterprise admin decides about a protection of another partner.');
  requireTurn(match, input.decision, facts.terms);
  const confirms = isBlock && match.decision === input.decision && !match.confirmedBy;
  if (confirms && match.decidedBy === input.person.personId)
    throw failedPrecondition('SECOND_PERSON_NEEDED', 'A second admin has to confirm your decision.');
  const { personId, name } = input.person;
  const decided = confirms
    ? { ...match, confirmedBy: personId, confirmedByName: name }
    : {
        ...match,
        decision: input.decision,
        decisionReason: input.reason,
        decidedBy: personId,
        decidedByName: name,
        confirmedBy: null,
        confirmedByName: '',
      };
  const conflict = { ...fresh, matches: fresh.matches.map((each) => (each === match ? decided : each)) };
  const after = changed(deal, now, checked(conflict, facts.terms));
  return {
    deal: after,
    move: 'decideConflict',
    events: [{ type: 'DealConflictDecided' }],
    reason: input.decision,
    internalNote: input.reason,
    releases: confirms && input.decision === 'PROCEED' ? match.dealId : null,
  };
}

/** Of two claims that wait, the one that was complete first goes first, unless the program lets the reviewer weigh the evidence. */
function requireTurn(match: Match, decision: MatchDecision, { claimPriority }: Terms): void {
  const waitsAhead = match.ahead && match.protectionEnd === null && match.kind === 'FOREIGN_DEAL';
  if (decision !== 'PROCEED' || !waitsAhead || claimPriority === 'VALUE_ADD') return;
  throw failedPrecondition('FIRST_CLAIM_GOES_FIRST', `${match.dealNumber} was complete earlier and waits: decide about it first.`);
}

export interface RejectInput {
  person: Person;
  code: RejectCode;
  reason: string;
  internalNote: string;
}

export function rejectDeal(deal: Deal, input: RejectInput, now: Date): DealDecision {
  const state = stateAfter(deal, 'reject');
  requireOther(deal, input.person);
  const after = changed(deal, now, {
    ...ended(deal, input.code, now),
    state,
    decideTime: now,
    rejectCode: input.code,
    reason: input.reason,
    internalNote: input.internalNote || deal.internalNote,
  });
  return {
    deal: after,
    move: 'reject',
    events: [{ type: 'DealRejected' }],
    reason: input.code,
    comment: input.reason,
    internalNote: input.internalNote,
  };
}

/** What every end of a claim has in common: the hold or protection ends, no clock runs on. */
export function ended(deal: Deal, why: string, now: Date): Pick<Deal, 'protection' | 'queued' | 'dueTime' | 'pausedMinutes' | 'timers'> {
  const open = deal.protection && (deal.protection.state === 'ACTIVE' || deal.protection.state === 'PROVISIONAL');
  const protection = open ? { ...deal.protection!, state: 'RELEASED' as const, end: now, releaseReason: why } : deal.protection;
  return { protection, queued: false, dueTime: null, pausedMinutes: null, timers: [] };
}
