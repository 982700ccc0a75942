import type { LineState, Order, OrderLine, OrderState, ReviewReason, ShipTo } from '../domain/order';
import { totalOf } from '../domain/lines';
import { fingerprintOf } from '../domain/submit';

export interface OrderRow {
  id: string;
  number: string;
  version: number;
  partner_id: string;
  partner_name: string;
  state: OrderState;
  quote_id: string | null;
  quote_number: string | null;
  opportunity_id: string | null;
  deal_id: string | null;
  customer_id: string;
  customer_name: string;
  currency: string;
  ship_to: ShipTo;
  purchase_order_number: string;
  note: string;
  owner_person_id: string | null;
  owner_name: string;
  owner_email: string;
  created_by: string;
  submitted_by: string | null;
  review_reasons: ReviewReason[];
  review_due_time: Date | null;
  question: string;
  reject_reason: string | null;
  decision_comment: string;
  state_reason: string;
  resubmission_of_id: string | null;
  source: string;
  external_id: string | null;
  possible_duplicate: boolean;
  discount_at_limit: boolean;
  back_to: OrderState | null;
  order_time: Date;
  submit_time: Date | null;
  decision_time: Date | null;
  fulfil_time: Date | null;
  cancel_time: Date | null;
  created_at: Date;
  updated_at: Date;
  /** From `LINES`. */
  lines: LineJson[];
}

/** A line as Postgres puts it into JSON; whole numbers as text, because JSON's own lose digits. */
interface LineJson {
  id: string;
  position: number;
  product_id: string | null;
  product_name: string;
  product_family: string | null;
  quantity: string;
  line_partner_id: string;
  line_partner_name: string;
  amount_minor: string;
  shared: boolean;
  state: LineState;
  expected_time: string | null;
  fulfil_time: string | null;
}

/** SQL giving the lines of `o` as one JSON column. */
export const LINES = `(select jsonb_agg(to_jsonb(l) || jsonb_build_object('quantity', l.quantity::text, 'amount_minor', l.amount_minor::text) order by l.position)
  from order_lines l where l.order_id = o.id) as lines`;

export const toOrderRow = (order: Order) => ({
  id: order.id,
  number: order.number,
  version: order.version,
  partner_id: order.partnerId,
  partner_name: order.partnerName,
  state: order.state,
  quote_id: order.quoteId,
  quote_number: order.quoteNumber,
  opportunity_id: order.opportunityId,
  deal_id: order.dealId,
  customer_id: order.customerId,
  customer_name: order.customerName,
  currency: order.currency,
  total_minor: totalOf(order).minor,
  ship_to: order.shipTo,
  purchase_order_number: order.purchaseOrderNumber,
  note: order.note,
  owner_person_id: order.ownerPersonId,
  owner_name: order.ownerName,
  owner_email: order.ownerEmail,
  created_by: order.createdBy,
  submitted_by: order.submittedBy,
  review_reasons: order.reviewReasons,
  review_due_time: order.reviewDueTime,
  question: order.question,
  reject_reason: order.rejectReason,
  decision_comment: order.decisionComment,
  state_reason: order.stateReason,
  resubmission_of_id: order.resubmissionOfId,
  source: order.source,
  external_id: order.externalId,
  possible_duplicate: order.possibleDuplicate,
  discount_at_limit: order.discountAtLimit,
  fingerprint: fingerprintOf(order.currency, order.lines),
  back_to: order.backTo,
  order_time: order.orderTime,
  submit_time: order.submitTime,
  decision_time: order.decisionTime,
  fulfil_time: order.fulfilTime,
  cancel_time: order.cancelTime,
  created_at: order.createTime,
  updated_at: order.updateTime,
});

export const toLineRow = (orderId: string, line: OrderLine) => ({
  id: line.id,
  order_id: orderId,
  position: line.position,
  product_id: line.productId,
  product_name: line.productName,
  product_family: line.productFamily,
  quantity: line.quantity,
  line_partner_id: line.linePartnerId,
  line_partner_name: line.linePartnerName,
  amount_minor: line.amount.minor,
  shared: line.shared,
  state: line.state,
  expected_time: line.expectedTime,
  fulfil_time: line.fulfilTime,
});

export const fromOrderRow = (row: OrderRow): Order => ({
  id: row.id,
  number: row.number,
  version: row.version,
  partnerId: row.partner_id,
  partnerName: row.partner_name,
  state: row.state,
  quoteId: row.quote_id,
  quoteNumber: row.quote_number,
  opportunityId: row.opportunity_id,
  dealId: row.deal_id,
  customerId: row.customer_id,
  customerName: row.customer_name,
  currency: row.currency,
  shipTo: row.ship_to,
  purchaseOrderNumber: row.purchase_order_number,
  note: row.note,
  lines: row.lines.map((line) => fromLineJson(line, row.currency)),
  ownerPersonId: row.owner_person_id,
  ownerName: row.owner_name,
  ownerEmail: row.owner_email,
  createdBy: row.created_by,
  submittedBy: row.submitted_by,
  reviewReasons: row.review_reasons,
  reviewDueTime: row.review_due_time,
  question: row.question,
  rejectReason: row.reject_reason,
  decisionComment: row.decision_comment,
  stateReason: row.state_reason,
  resubmissionOfId: row.resubmission_of_id,
  source: row.source,
  externalId: row.external_id,
  possibleDuplicate: row.possible_duplicate,
  discountAtLimit: row.discount_at_limit,
  backTo: row.back_to,
  orderTime: row.order_time,
  submitTime: row.submit_time,
  decisionTime: row.decision_time,
  fulfilTime: row.fulfil_time,
  cancelTime: row.cancel_time,
  createTime: row.created_at,
  updateTime: row.updated_at,
});

const fromLineJson = (line: LineJson, currency: string): OrderLine => ({
  id: line.id,
  position: line.position,
  productId: line.product_id,
  productName: line.product_name,
  productFamily: line.product_family,
  quantity: BigInt(line.quantity),
  linePartnerId: line.line_partner_id,
  linePartnerName: line.line_partner_name,
  amount: { minor: BigInt(line.amount_minor), currency },
  shared: line.shared,
  state: line.state,
  expectedTime: line.expected_time ? new Date(line.expected_time) : null,
  fulfilTime: line.fulfil_time ? new Date(line.fulfil_time) : null,
});
