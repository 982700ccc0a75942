import type { Money } from '@openprm/money';

export const orderStates = [
  'DRAFT',
  'SUBMITTED',
  'UNDER_REVIEW',
  'INFO_REQUESTED',
  'APPROVED',
  'REJECTED',
  'IN_FULFILMENT',
  'ON_HOLD',
  'PARTIALLY_FULFILLED',
  'FULFILLED',
  'CANCEL_REQUESTED',
  'CANCELLED',
] as const;
export type OrderState = (typeof orderStates)[number];

export const lineStates = ['PENDING', 'IN_FULFILMENT', 'FULFILLED', 'BACKORDERED', 'CANCELLED'] as const;
export type LineState = (typeof lineStates)[number];

export interface ShipTo {
  name: string;
  street: string;
  city: string;
  postalCode: string;
  country: string;
}

export interface OrderLine {
  id: string;
  position: number;
  productId: string | null;
  productName: string;
  productFamily: string | null;
  quantity: bigint;
  linePartnerId: string;
  linePartnerName: string;
  amount: Money;
  /** True when the line's partner lets the other partners of the order see its amount. */
  shared: boolean;
  state: LineState;
  expectedTime: Date | null;
  fulfilTime: Date | null;
}

/** Which rule asked for a review, and what it compared. */
export interface ReviewReason {
  rule: string;
  text: string;
}

/**
 * An order as it is kept. Names are those of the day it was made: an order is a document. `backTo` is the state to which a hold
 * or a refused cancellation returns. Principals tell who may not decide on it.
 */
export interface Order {
  id: string;
  number: string;
  version: number;
  partnerId: string;
  partnerName: string;
  state: OrderState;
  quoteId: string | null;
  quoteNumber: string | null;
  opportunityId: string | null;
  dealId: string | null;
  customerId: string;
  customerName: string;
  currency: string;
  shipTo: ShipTo;
  purchaseOrderNumber: string;
  note: string;
  lines: OrderLine[];
  ownerPersonId: string | null;
  ownerName: string;
  ownerEmail: string;
  createdBy: string;
  submittedBy: string | null;
  reviewReasons: ReviewReason[];
  reviewDueTime: Date | null;
  question: string;
  rejectReason: string | null;
  decisionComment: string;
  stateReason: string;
  resubmissionOfId: string | null;
  source: string;
  externalId: string | null;
  possibleDuplicate: boolean;
  /** True when a line took the whole discount its partner may give without approval. */
  discountAtLimit: boolean;
  backTo: OrderState | null;
  orderTime: Date;
  submitTime: Date | null;
  decisionTime: Date | null;
  fulfilTime: Date | null;
  cancelTime: Date | null;
  createTime: Date;
  updateTime: Date;
}

/** Name of the source of orders made here. */
export const portal = 'PORTAL';
