import { failedPrecondition, invalid, permissionDenied } from '@openprm/errors';
import { nextState } from '@openprm/moves';
import {
  approvalChain,
  approvalDemands,
  cancelOpen,
  openNext,
  type ApprovalFacts,
  type ApprovalGroup,
  type ApprovalStep,
} from './approval';
import type { QuoteLine } from './line';
import { priceLines, type PriceFacts } from './pricing';
import { changed, endOfDay, linePartners, type Quote, type QuoteDecision, type QuoteEventType, type QuoteHeader } from './quote';
import { quoteMoves, type QuoteMove } from './quote-moves';

export const DEFAULT_VALIDITY_DAYS = 30;
export const DEFAULT_PAYMENT_TERMS_DAYS = 30;
const DAY_MS = 86_400_000;

export interface NewQuote {
  id: string;
  number: string;
  partnerId: string;
  dealId: string | null;
  opportunityId: string | null;
  customerId: string | null;
  customerName: string;
  currency: string;
  header: Partial<QuoteHeader>;
  validityDays: number;
  lines: QuoteLine[];
}

export function createQuote(input: NewQuote, now: Date): QuoteDecision {
  const { id, number, partnerId, dealId, opportunityId, customerId, customerName, currency, lines } = input;
  const quote: Quote = {
    ...{ id, number, partnerId, dealId, opportunityId, customerId, customerName, currency, lines },
    ...{ version: 1, revision: 1, state: 'DRAFT', steps: [], stateReason: '', stateComment: '', acceptanceProof: '' },
    ...{ supersedesId: null, supersededById: null, orderId: null, externalId: null, submittedBy: null, noticeDays: null },
    ...{ createdAt: now, updatedAt: now, submittedAt: null, acceptedAt: null },
    validUntil: endOfDay(input.header.validUntil ?? new Date(now.getTime() + input.validityDays * DAY_MS)),
    paymentTermsDays: input.header.paymentTermsDays ?? DEFAULT_PAYMENT_TERMS_DAYS,
    specialTerms: input.header.specialTerms ?? '',
    note: input.header.note ?? '',
  };
  return { quote, event: { type: 'QuoteCreated' } };
}

/** Changes header or lines. Amounts are dropped until the quote is priced again. */
export function editQuote(quote: Quote, header: Partial<QuoteHeader>, lines: QuoteLine[], now: Date): QuoteDecision {
  const validUntil = header.validUntil ? endOfDay(header.validUntil) : quote.validUntil;
  return moved(quote, 'edit', 'QuoteEdited', { ...header, validUntil, lines: lines.map((line) => ({ ...line, priced: null })) }, now);
}

export function priceQuote(quote: Quote, factsOf: (line: QuoteLine) => PriceFacts, now: Date): QuoteDecision {
  nextState(quoteMoves, 'price', quote.state);
  if (quote.lines.length === 0) throw failedPrecondition('NO_LINES', 'The quote has no lines: add one first.');
  return moved(quote, 'price', 'QuotePriced', { lines: priceLines(quote.lines, quote.currency, factsOf) }, now);
}

/** What is known of a partner of the quote when it is submitted. */
export interface PartnerStanding {
  active: boolean;
  enrolled: boolean;
}

export interface SubmitFacts extends Pick<ApprovalFacts, 'rightsOf' | 'limit'> {
  standingOf: (partnerId: string) => PartnerStanding;
  /** The owner's program asks every line partner to confirm. */
  confirmationNeeded: boolean;
  submittedBy: string;
  newId: () => string;
}

/** Hands the quote in; the approval rules run at once. */
export function submitQuote(quote: Quote, facts: SubmitFacts, now: Date): QuoteDecision {
  nextState(quoteMoves, 'submit', quote.state);
  if (quote.validUntil < now) throw failedPrecondition('VALIDITY_PASSED', 'The validity lies in the past: set valid_until to a later day.');
  for (const partnerId of new Set([quote.partnerId, ...linePartners(quote)])) checkPartner(facts.standingOf(partnerId));
  checkConfirmed(quote, facts.confirmationNeeded);
  const steps = previewChain(quote, facts);
  const needed = steps.some((step) => step.state === 'OPEN');
  const state = nextState(quoteMoves, needed ? 'requestApproval' : 'passRules', nextState(quoteMoves, 'submit', quote.state));
  const submission = { submittedBy: facts.submittedBy, submittedAt: now, stateReason: '', stateComment: '', noticeDays: null };
  return {
    quote: changed(quote, { ...submission, state, steps }, now),
    event: { type: needed ? 'QuoteApprovalRequested' : 'QuoteApproved' },
  };
}

/** The chain that a submit would lead to. */
export function previewChain(quote: Quote, facts: Pick<SubmitFacts, 'rightsOf' | 'limit' | 'submittedBy' | 'newId'>): ApprovalStep[] {
  const { lines, currency, paymentTermsDays, specialTerms, partnerId: ownerId } = quote;
  const demands = approvalDemands({
    lines,
    currency,
    paymentTermsDays,
    specialTerms,
    ownerId,
    rightsOf: facts.rightsOf,
    limit: facts.limit,
  });
  return approvalChain(demands, quote.steps, facts.submittedBy, facts.newId);
}

function checkPartner(standing: PartnerStanding): void {
  if (!standing.active) throw failedPrecondition('PARTNER_NOT_ACTIVE', 'A partner of this quote is not active: it cannot be submitted.');
  if (!standing.enrolled)
    throw failedPrecondition(
      'PARTNER_NOT_ENROLLED',
      'A partner of this quote has no active enrolment in a program: it cannot be submitted.',
    );
}

function checkConfirmed(quote: Quote, needed: boolean): void {
  if (quote.lines.some((line) => line.confirmation === 'REFUSED'))
    throw failedPrecondition('LINES_REFUSED', 'A partner refused its lines: change or remove them.');
  if (needed && quote.lines.some((line) => line.confirmation === 'PENDING'))
    throw failedPrecondition('LINES_NOT_CONFIRMED', 'A partner has not yet confirmed its lines.');
}

export interface Decider {
  principal: string;
  name: string;
  /** Groups for which the caller may decide. */
  groups: ReadonlySet<ApprovalGroup>;
}

/** Approves the open step; the last one approves the quote. */
export function approveStep(quote: Quote, decider: Decider, comment: string, now: Date): QuoteDecision {
  const steps = openNext(decideStep(quote, 'approve', decider, comment, now));
  if (steps.some((step) => step.state === 'OPEN'))
    return { quote: changed(quote, { steps }, now), event: { type: 'QuoteApprovalStepApproved' } };
  return moved(quote, 'approve', 'QuoteApproved', { steps }, now);
}

export function rejectQuote(quote: Quote, decider: Decider, comment: string, now: Date): QuoteDecision {
  if (comment.trim() === '') throw invalid('comment', 'say why, so that the partner can mend the quote.', 'REQUIRED');
  const steps = cancelOpen(decideStep(quote, 'reject', decider, comment, now));
  return moved(quote, 'reject', 'QuoteRejected', { steps, stateComment: comment }, now);
}

function decideStep(quote: Quote, move: 'approve' | 'reject', decider: Decider, comment: string, now: Date): ApprovalStep[] {
  nextState(quoteMoves, move, quote.state);
  const open = quote.steps.find((step) => step.state === 'OPEN')!;
  if (!decider.groups.has(open.group)) throw permissionDenied(`This step is for ${open.group} to decide.`);
  if (quote.submittedBy === decider.principal)
    throw permissionDenied('Whoever submitted a quote cannot approve or reject it.', 'SECOND_PERSON_NEEDED');
  const decided = { decidedAt: now, decidedBy: decider.principal, decidedByName: decider.name, comment };
  return quote.steps.map((step) =>
    step === open ? { ...step, ...decided, state: move === 'approve' ? ('APPROVED' as const) : ('REJECTED' as const) } : step,
  );
}

export const recallQuote = (quote: Quote, comment: string, now: Date): QuoteDecision =>
  moved(
    quote,
    'recall',
    'QuoteRecalled',
    { steps: cancelOpen(quote.steps), stateComment: comment, lines: quote.lines.map((line) => ({ ...line, priced: null })) },
    now,
  );

export const presentQuote = (quote: Quote, now: Date): QuoteDecision => moved(quote, 'present', 'QuotePresented', {}, now);

export function acceptQuote(quote: Quote, proof: string, now: Date): QuoteDecision {
  nextState(quoteMoves, 'accept', quote.state);
  if (quote.validUntil < now) throw failedPrecondition('VALIDITY_PASSED', 'The validity of the quote has passed: revise it.');
  return moved(quote, 'accept', 'QuoteAccepted', { acceptanceProof: proof, acceptedAt: now }, now);
}

export const declineQuote = (quote: Quote, stateReason: string, stateComment: string, now: Date): QuoteDecision =>
  moved(quote, 'decline', 'QuoteDeclined', { stateReason, stateComment }, now);

export const cancelQuote = (quote: Quote, stateComment: string, now: Date): QuoteDecision =>
  moved(quote, 'cancel', 'QuoteCancelled', { stateComment, steps: cancelOpen(quote.steps) }, now);

export interface Revision {
  old: QuoteDecision;
  next: QuoteDecision;
}

/** Begins a new version. Approvals go with it and count again for whatever does not get worse. */
export function reviseQuote(quote: Quote, validityDays: number, newId: () => string, now: Date): Revision {
  const id = newId();
  const old = moved(quote, 'revise', 'QuoteSuperseded', { supersededById: id, steps: cancelOpen(quote.steps) }, now);
  const lineIds = new Map(quote.lines.map((line) => [line.id, newId()]));
  const lines = quote.lines.map((line) => ({ ...line, id: lineIds.get(line.id)!, priced: null }));
  const steps = quote.steps.filter((step) => step.state === 'APPROVED').map((step) => carried(step, lineIds, newId));
  const { partnerId, dealId, opportunityId, customerId, customerName, currency, number } = quote;
  const header = {
    paymentTermsDays: quote.paymentTermsDays,
    specialTerms: quote.specialTerms,
    note: quote.note,
    ...(quote.validUntil > now && { validUntil: quote.validUntil }),
  };
  const { quote: fresh } = createQuote(
    { id, number, partnerId, dealId, opportunityId, customerId, customerName, currency, header, validityDays, lines },
    now,
  );
  return {
    old,
    next: { quote: { ...fresh, revision: quote.revision + 1, supersedesId: quote.id, steps }, event: { type: 'QuoteRevised' } },
  };
}

function carried(step: ApprovalStep, lineIds: ReadonlyMap<string, string>, newId: () => string): ApprovalStep {
  const reasons = step.reasons.map((reason) => ({ ...reason, lineId: reason.lineId && (lineIds.get(reason.lineId) ?? null) }));
  return { ...step, id: newId(), reused: true, reasons };
}

export const expireQuote = (quote: Quote, now: Date): QuoteDecision => moved(quote, 'expire', 'QuoteExpired', {}, now);

/** Days before the end of validity on which the partner is told. */
export const NOTICE_DAYS: readonly number[] = [7, 1];

/** The notice that is due and was not yet given; null when none is. A quote made shortly before its end gets the nearest one only. */
export function dueNotice(quote: Pick<Quote, 'validUntil' | 'noticeDays'>, now: Date): number | null {
  const reached = NOTICE_DAYS.filter((days) => quote.validUntil.getTime() - now.getTime() <= days * DAY_MS);
  const nearest = Math.min(...reached);
  return reached.length > 0 && (quote.noticeDays === null || nearest < quote.noticeDays) ? nearest : null;
}

export const noticeExpiry = (quote: Quote, daysLeft: number, now: Date): QuoteDecision => ({
  quote: changed(quote, { noticeDays: daysLeft }, now),
  event: { type: 'QuoteExpiryNear', daysLeft },
});

export const orderQuote = (quote: Quote, orderId: string, now: Date): QuoteDecision =>
  moved(quote, 'order', 'QuoteOrdered', { orderId }, now);

function moved(quote: Quote, move: QuoteMove, type: QuoteEventType, fields: Partial<Quote>, now: Date): QuoteDecision {
  return { quote: changed(quote, { ...fields, state: nextState(quoteMoves, move, quote.state) }, now), event: { type } };
}
