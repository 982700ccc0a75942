import { exhausted, failedPrecondition, PrmError, type Violation } from '@openprm/errors';
import { addBusinessDays, type BusinessCalendar } from './business-calendar';
import { checkConflict, keptKeys, type Candidate, type ConflictCheck } from './conflict';
import { checked, claimKeys, claimOf, recheck } from './claim';
import { changed, type Deal, type DealDecision, type Person } from './deal';
import { stateAfter } from './deal-moves';
import { dealType } from './deal-types';
import { coverage } from './protection';
import { approved } from './approve-deal';
import { routeDeal, type RoutingFacts } from './routing';
import type { Terms } from './terms';

export interface SubmitFacts {
  submitter: Person;
  terms: Terms;
  calendar: BusinessCalendar;
  partnerState: string;
  /** Registrations of the partner that are open and not yet proven by an opportunity. */
  openUnproven: number;
  partnerDomains: readonly string[];
  candidates: readonly Candidate[];
  protectionId: string;
  routing: RoutingFacts;
}

/** Claims the customer: the deal takes its place in line and holds the customer provisionally. */
export function submitDeal(deal: Deal, facts: SubmitFacts, now: Date): DealDecision {
  const { terms, calendar } = facts;
  const state = stateAfter(deal, 'submit');
  requireTrading(facts.partnerState);
  requireComplete(deal, terms, now);
  if (facts.openUnproven >= terms.maxOpenUnproven) {
    throw exhausted(
      'TOO_MANY_OPEN',
      `${facts.openUnproven} registrations are open and ${terms.maxOpenUnproven} are allowed: convert or withdraw some first.`,
    );
  }
  const holdEnds = addBusinessDays(calendar, now, terms.provisionalDays);
  const covered = coverage(deal.lines, deal.customer.country, terms);
  const claimed = { ...deal, state, customerKeys: claimKeys(deal, facts.partnerDomains), firstCompleteTime: now };
  const conflict = checkConflict(claimOf(claimed, covered), facts.candidates, terms.coolDownDays, now);
  const after = changed(claimed, now, {
    submittedBy: facts.submitter.personId,
    submittedByName: facts.submitter.name,
    submitTime: now,
    protection: dealType(deal.type)!.claimsProtection
      ? { id: facts.protectionId, state: 'PROVISIONAL', ...covered, start: now, end: holdEnds, releaseReason: '' }
      : null,
    ...checked(conflict, terms),
    ...routeDeal(deal, conflict, facts.routing),
    dueTime: addBusinessDays(calendar, now, terms.firstResponseDays),
    timers: [
      ...(mayAutoApprove(claimed, conflict, terms) ? [{ at: now, kind: 'AUTO_APPROVE' as const, days: 0 }] : []),
      { at: holdEnds, kind: 'HOLD_ENDS', days: 0 },
    ],
  });
  return { deal: after, move: 'submit', events: [{ type: 'DealSubmitted' }] };
}

/** Approves by rule what nothing speaks against. Null when something has come up since: the deal then waits for a person. */
export function autoApproveDeal(deal: Deal, facts: Pick<SubmitFacts, 'terms' | 'candidates'>, now: Date): DealDecision {
  const { terms, candidates } = facts;
  const conflict = recheck(deal, terms, candidates, now);
  if (!mayAutoApprove(deal, conflict, terms)) {
    const timers = deal.timers.filter((timer) => timer.kind !== 'AUTO_APPROVE');
    return { deal: changed(deal, now, { ...checked(conflict, terms), timers }), move: 'check', events: [{ type: 'DealConflictChecked' }] };
  }
  stateAfter(deal, 'autoApprove');
  const keys = keptKeys(deal.id, deal.customerKeys, candidates, conflict);
  const after = approved(deal, { terms, conflict, customerKeys: keys, withProtection: true }, now);
  return {
    deal: { ...after, autoApproved: true, approverName: '' },
    move: 'autoApprove',
    events: [{ type: 'DealApproved' }],
    reason: 'AUTO',
  };
}

function mayAutoApprove(deal: Deal, conflict: ConflictCheck, terms: Terms): boolean {
  const limit = terms.autoApproveLimit;
  return (
    conflict.verdict === 'NONE' &&
    limit !== null &&
    deal.amount !== null &&
    deal.amount.currency === limit.currency &&
    deal.amount.minor <= limit.minor
  );
}

export function requireTrading(partnerState: string): void {
  if (partnerState !== 'ACTIVE')
    throw failedPrecondition('PARTNER_NOT_ACTIVE', 'The partner is not active: it can read, but not register, quote or order.');
}

/** Everything a claim needs to count. The answer names each missing field. */
function requireComplete(deal: Deal, terms: Terms, now: Date): void {
  const type = dealType(deal.type)!;
  const has = new Set(deal.evidence.map((each) => each.kind));
  const missing: [boolean, string, string][] = [
    [deal.customer.name.trim() === '', 'deal.customer.name', 'Name the customer.'],
    [deal.customer.country === '', 'deal.customer.country', "Give the customer's country."],
    [type.productsRequired && deal.lines.length === 0, 'deal.lines', 'Name at least one product or product family.'],
    [deal.amount === null || deal.amount.minor <= 0n, 'deal.amount', 'Give the expected amount.'],
    [
      deal.expectedCloseDate === null || deal.expectedCloseDate <= now.toISOString().slice(0, 10),
      'deal.expected_close_date',
      'Give a close date in the future.',
    ],
    ...evidenceNeeded(deal.type, terms).map((kind): [boolean, string, string] => [
      !has.has(kind as never),
      'deal.evidence',
      `Add evidence of kind ${kind}.`,
    ]),
  ];
  const violations: Violation[] = missing
    .filter(([isMissing]) => isMissing)
    .map(([, field, description]) => ({ field, description, reason: 'INCOMPLETE' }));
  if (violations.length > 0) {
    throw new PrmError(
      'FAILED_PRECONDITION',
      'INCOMPLETE',
      `The deal is not complete: ${violations.map((each) => each.description).join(' ')}`,
      { violations },
    );
  }
}

const evidenceNeeded = (type: string, terms: Terms): string[] => [
  ...new Set<string>([...(terms.requiredEvidence.length > 0 ? terms.requiredEvidence : dealType(type)!.evidenceNeeded)]),
];
