import type { Money } from '@openprm/money';
import type { ConflictCheck } from './conflict';
import type { Protection } from './protection';
import type { ReviewGroup } from './routing';
import type { RelatedPartner } from './related-partner';
import type { SellingModel } from './selling-models';

export const dealStates = [
  'DRAFT',
  'SUBMITTED',
  'IN_REVIEW',
  'INFO_REQUESTED',
  'APPROVED',
  'REJECTED',
  'EXPIRED',
  'WITHDRAWN',
  'CONVERTED',
] as const;
export type DealState = (typeof dealStates)[number];

export const evidenceKinds = ['DECISION_MAKER', 'NEED', 'BUDGET', 'TIMELINE', 'DEMO'] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];

export type RejectCode = 'DUPLICATE' | 'CONFLICT_PROTECTED' | 'DIRECT_ENGAGED' | 'NOT_QUALIFIED' | 'INCOMPLETE' | 'NOT_ELIGIBLE' | 'OTHER';

/** The end customer as the deal knows it. Texts are empty where nothing is known. */
export interface Customer {
  customerId: string | null;
  name: string;
  country: string;
  city: string;
  taxId: string;
  website: string;
  contactName: string;
  contactEmail: string;
}

export interface Line {
  productId: string | null;
  productName: string;
  family: string;
  quantity: number;
  amount: Money | null;
}

export interface Evidence {
  kind: EvidenceKind;
  text: string;
}

/** Something that happens by itself at a time. Times are fixed when the deal moves, so a changed program setting does not reach back. */
export interface Timer {
  at: Date;
  kind: 'AUTO_APPROVE' | 'HOLD_ENDS' | 'REMIND' | 'LAPSE' | 'NOTICE' | 'PROTECTION_ENDS';
  /** Business days waited for REMIND, days left for NOTICE. */
  days: number;
}

/** What a partner writes; everything else follows from moves. */
export interface DealContent {
  ownerPersonId: string | null;
  ownerName: string;
  title: string;
  type: string;
  sellingModel: SellingModel;
  customer: Customer;
  lines: Line[];
  amount: Money | null;
  expectedCloseDate: string | null;
  evidence: Evidence[];
  description: string;
  related: RelatedPartner[];
}

/** The same as it is sent: names still to be looked up, keyed as in the message, so that an update's mask applies. */
export type SentContent = Omit<DealContent, 'sellingModel' | 'related' | 'ownerName'> & {
  sellingModel: SellingModel | null;
  relatedPartners: RelatedPartner[];
};

export interface Deal extends DealContent {
  id: string;
  number: string;
  partnerId: string;
  partnerName: string;
  programId: string | null;
  programName: string;
  state: DealState;
  /** Keys of the customer by which claims meet; see customerKeys. Empty while nothing is claimed. */
  customerKeys: string[];
  submittedBy: string | null;
  submittedByName: string;
  submitTime: Date | null;
  firstCompleteTime: Date | null;
  decideTime: Date | null;
  protection: Protection | null;
  conflict: ConflictCheck | null;
  conflictNotice: string;
  queued: boolean;
  /** Group that reviews it, and why; empty while it is a draft. */
  reviewGroup: ReviewGroup | '';
  routingReason: string;
  infoRequest: string;
  infoAnswer: string;
  rejectCode: RejectCode | null;
  reason: string;
  internalNote: string;
  reviewerId: string | null;
  reviewerName: string;
  approverName: string;
  autoApproved: boolean;
  opportunityId: string | null;
  opportunityNumber: string;
  resubmissionOf: string | null;
  resubmissions: number;
  externalId: string | null;
  revocationRequestedBy: string | null;
  revocationRequestedByName: string;
  dueTime: Date | null;
  /** Business minutes left on the review clock while it is paused. */
  pausedMinutes: number | null;
  timers: Timer[];
  version: number;
  createTime: Date;
  updateTime: Date;
}

export type DealEventType =
  | 'DealCreated'
  | 'DealUpdated'
  | 'DealDeleted'
  | 'DealSubmitted'
  | 'DealTaken'
  | 'DealInfoRequested'
  | 'DealAnswered'
  | 'DealConflictChecked'
  | 'DealConflictDecided'
  | 'DealApproved'
  | 'DealRejected'
  | 'DealWithdrawn'
  | 'DealConverted'
  | 'DealExpired'
  | 'DealRevocationRequested'
  | 'DealRevoked'
  | 'DealProtectionChanged'
  | 'DealProtectionEnding'
  | 'DealAnswerDue'
  | 'DealHoldEnded'
  | 'DealImported';

export interface DealEvent {
  type: DealEventType;
  /** Days of a reminder or notice; 0 elsewhere. */
  days?: number;
}

/** What a rule decides: the deal as it is afterwards and what others hear, with the audit facts of the move. */
export interface DealDecision {
  deal: Deal;
  move: string;
  events: DealEvent[];
  reason?: string;
  comment?: string;
  internalNote?: string;
}

/** The person who acts, as rules need to know them. */
export interface Person {
  personId: string | null;
  name: string;
}

/** The deal after a move: next version, now as its update time. */
export function changed(deal: Deal, now: Date, change: Partial<Deal>): Deal {
  return { ...deal, ...change, version: deal.version + 1, updateTime: now };
}
