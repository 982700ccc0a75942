import type { ApprovalGroup, ApprovalStep } from './approval';
import type { QuoteLine } from './line';
import type { QuoteState } from './quote-moves';

/** What people fill in besides the lines. */
export interface QuoteHeader {
  /** 23:59:59 UTC of the last day. */
  validUntil: Date;
  paymentTermsDays: number;
  specialTerms: string;
  note: string;
}

export interface Quote extends QuoteHeader {
  id: string;
  version: number;
  /** `QU-000123`; all revisions of an offer have the same. */
  number: string;
  revision: number;
  state: QuoteState;
  partnerId: string;
  dealId: string | null;
  opportunityId: string | null;
  customerId: string | null;
  /** As it was called when the quote was made; the customer's record may not be known here. */
  customerName: string;
  currency: string;
  lines: QuoteLine[];
  steps: ApprovalStep[];
  stateReason: string;
  stateComment: string;
  acceptanceProof: string;
  supersedesId: string | null;
  supersededById: string | null;
  orderId: string | null;
  externalId: string | null;
  /** Principal of whoever submitted; that person cannot approve. */
  submittedBy: string | null;
  /** Days before the end of validity of the last notice: 7, 1, or null before the first. */
  noticeDays: number | null;
  createdAt: Date;
  updatedAt: Date;
  submittedAt: Date | null;
  acceptedAt: Date | null;
}

export type QuoteEventType =
  | 'QuoteCreated'
  | 'QuoteEdited'
  | 'QuotePriced'
  | 'QuoteLinesConfirmed'
  | 'QuoteLinesRefused'
  | 'QuoteLineShared'
  | 'QuoteApprovalRequested'
  | 'QuoteApprovalStepApproved'
  | 'QuoteApproved'
  | 'QuoteRejected'
  | 'QuoteRecalled'
  | 'QuotePresented'
  | 'QuoteAccepted'
  | 'QuoteDeclined'
  | 'QuoteRevised'
  | 'QuoteSuperseded'
  | 'QuoteCancelled'
  | 'QuoteExpired'
  | 'QuoteExpiryNear'
  | 'QuoteOrdered'
  | 'QuoteImported';

export interface QuoteEvent {
  type: QuoteEventType;
  /** Days left, with QuoteExpiryNear. */
  daysLeft?: number;
}

/** A change of one quote: one version, one audit row, one event. */
export interface QuoteDecision {
  quote: Quote;
  event: QuoteEvent;
}

export const changed = (quote: Quote, fields: Partial<Quote>, now: Date): Quote => ({
  ...quote,
  ...fields,
  version: quote.version + 1,
  updatedAt: now,
});

/** The group whose approval is open now. */
export const awaitingGroup = (quote: Quote): ApprovalGroup | null =>
  quote.state === 'APPROVAL_NEEDED' ? (quote.steps.find((step) => step.state === 'OPEN')?.group ?? null) : null;

/** Partners with lines, in order of their first line. */
export const linePartners = (quote: Pick<Quote, 'lines'>): string[] => [...new Set(quote.lines.map((line) => line.linePartnerId))];

/** Windows end at the end of a calendar day. */
export const endOfDay = (time: Date): Date => new Date(`${time.toISOString().slice(0, 10)}T23:59:59.000Z`);
