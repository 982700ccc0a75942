import type { Moves } from '@openprm/moves';
import type { Clock } from './clock';
import type { Priority, QueueOwner, SellingModel, SupportLevel } from './configuration';
import type { OnBehalfOf } from './queue';

export type CaseState = 'NEW' | 'OPEN' | 'AWAITING_INFO' | 'RESOLVED' | 'CLOSED' | 'REOPENED' | 'CANCELLED';
export type CaseMove =
  'accept' | 'assign' | 'requestInfo' | 'answer' | 'timeOut' | 'resolve' | 'close' | 'reopen' | 'cancel' | 'handOver' | 'acceptHandOver';
export type Channel = 'PORTAL' | 'EMAIL' | 'PHONE' | 'API';
/** The two parties of a case; PARENT is the enterprise. */
export type Side = 'PARTNER' | 'PARENT';

/** The life of a case. REOPENED behaves as OPEN and becomes OPEN with the next move. */
export const caseMoves: Moves<CaseState, CaseMove> = {
  accept: { from: ['NEW'], to: 'OPEN' },
  assign: { from: ['NEW', 'OPEN', 'REOPENED'], to: 'OPEN' },
  requestInfo: { from: ['OPEN', 'REOPENED'], to: 'AWAITING_INFO' },
  answer: { from: ['AWAITING_INFO'], to: 'OPEN' },
  timeOut: { from: ['AWAITING_INFO'], to: 'RESOLVED' },
  resolve: { from: ['OPEN', 'REOPENED'], to: 'RESOLVED' },
  close: { from: ['RESOLVED'], to: 'CLOSED' },
  reopen: { from: ['RESOLVED', 'CLOSED'], to: 'REOPENED' },
  cancel: { from: ['NEW', 'OPEN'], to: 'CANCELLED' },
  handOver: { from: ['OPEN', 'REOPENED'], to: 'OPEN' },
  acceptHandOver: { from: ['OPEN'], to: 'OPEN' },
};

/** Neither solved, closed nor taken back. */
export const OPEN_STATES: readonly CaseState[] = ['NEW', 'OPEN', 'AWAITING_INFO', 'REOPENED'];

export interface Holder {
  side: Side;
  /** Null on the partner's side. */
  group: string | null;
  personId: string | null;
  personName: string;
}

export interface HandOver {
  fromSide: Side;
  toSide: Side;
  reason: string;
  requestedAt: Date;
  acceptUntil: Date;
}

/** What may be corrected later. */
export interface CaseContent {
  subject: string;
  description: string;
  contactName: string;
  contactEmail: string;
  category: string;
  productFamily: string;
  language: string;
}

/** What was said when it was opened and stays. */
export interface CaseOrigin {
  partnerId: string;
  onBehalfOf: OnBehalfOf;
  customerId: string | null;
  openedByCustomer: boolean;
  channel: Channel;
  sellingModel: SellingModel | null;
  dealId: string | null;
  orderId: string | null;
  followsCaseId: string | null;
}

export interface Case extends CaseContent, CaseOrigin {
  id: string;
  version: number;
  number: string;
  state: CaseState;
  priority: Priority;
  supportLevel: SupportLevel;
  queueOwner: QueueOwner;
  partnerSees: boolean;
  /** False while a case is on the partner's own queue and was never referred. */
  parentSees: boolean;
  partnerMayRefer: boolean;
  /** Enterprise group that works it when the enterprise does. */
  parentGroup: string;
  /** Business calendar of that group; deadlines that are no clock count in it. */
  calendar: string;
  holder: Holder;
  handOver: HandOver | null;
  requesterSide: Side;
  openedBy: string | null;
  openedByName: string;
  openedBySide: Side;
  clocks: Clock[];
  infoRequestedAt: Date | null;
  infoDueAt: Date | null;
  reminders: number;
  reopenCount: number;
  resolutionCode: string;
  resolutionText: string;
  resolvedAt: Date | null;
  closedAt: Date | null;
  satisfaction: number;
  /** Until then the dedicated person has the case alone. */
  dedicatedUntil: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

export type CommentStream = 'SHARED' | 'INTERNAL';

export interface CaseComment {
  id: string;
  caseId: string;
  stream: CommentStream;
  text: string;
  side: Side;
  authorId: string | null;
  authorName: string;
  createdAt: Date;
}

type PlainEvent =
  | 'CaseCreated'
  | 'CaseRouted'
  | 'CaseAssigned'
  | 'CaseInfoRequested'
  | 'CaseAnswered'
  | 'CaseReminded'
  | 'CaseResolved'
  | 'CaseClosed'
  | 'CaseReopened'
  | 'CaseCancelled'
  | 'CaseHandedOver'
  | 'CaseHandOverAccepted'
  | 'CaseHandOverFellBack'
  | 'CaseReprioritised'
  | 'CaseUpdated';

export type CaseEvent =
  | { type: PlainEvent }
  | { type: 'CaseCommented'; comment: CaseComment }
  | { type: 'CaseClockNoted'; clock: Clock['kind']; percent: number; notifyPersonId: string | null }
  | { type: 'CaseBreachExcused'; clock: Clock['kind'] };

/** What the audit keeps of a decision besides who and when. */
export interface Remark {
  move: string;
  reason?: string;
  comment?: string;
  internalNote?: string;
}

export interface CaseDecision {
  case: Case;
  events: CaseEvent[];
  comment: CaseComment | null;
  remark: Remark;
}
