import {
  OrderLineState,
  OrderState,
  RejectReason,
  type Order as OrderMessage,
  type OrderLine as LineMessage,
  type PartnerTotal,
} from '@openprm/contracts/order';
import { sum, toGoogleMoney, type Money } from '@openprm/money';
import { fulfilledTotalOf, partnersOf, totalOf } from '../domain/lines';
import type { Order, OrderLine } from '../domain/order';
import { reviewNotice } from '../domain/review';

/** The whole record: what the enterprise reads and events carry. */
export function toOrder(order: Order): OrderMessage {
  return {
    ...toPublic(order),
    lines: order.lines.map((line) => toLine(line, true)),
    total: toGoogleMoney(totalOf(order)),
    fulfilledTotal: toGoogleMoney(fulfilledTotalOf(order)),
    partnerTotals: partnersOf(order).map((id) => totalOfPartner(order, id)),
    reviewReasons: order.reviewReasons,
    reviewDueTime: order.reviewDueTime ?? undefined,
  };
}

/**
 * What a partner reads, by allow-list: amounts of its own lines and of those that are shared; of other lines product and quantity;
 * sums only when they give nobody else's amounts away; never why a rule asked for a review.
 */
export function toPartnerOrder(order: Order, partnersInScope: readonly string[]): OrderMessage {
  const own = new Set(partnersInScope);
  const isOpen = (line: OrderLine): boolean => own.has(line.linePartnerId) || line.shared;
  const isWhole = order.lines.every(isOpen);
  const closed = new Set(order.lines.filter((line) => !isOpen(line)).map((line) => line.linePartnerId));
  return {
    ...toPublic(order),
    lines: order.lines.map((line) => toLine(line, isOpen(line))),
    total: isWhole ? toGoogleMoney(totalOf(order)) : undefined,
    fulfilledTotal: isWhole ? toGoogleMoney(fulfilledTotalOf(order)) : undefined,
    partnerTotals: partnersOf(order)
      .filter((id) => !closed.has(id))
      .map((id) => totalOfPartner(order, id)),
    reviewReasons: [],
    reviewDueTime: undefined,
  };
}

/** What lists leave out, so that a page stays small. */
export const toListed = (message: OrderMessage): OrderMessage => ({ ...message, lines: [], shipTo: undefined, reviewReasons: [] });

type Guarded = 'lines' | 'total' | 'fulfilledTotal' | 'partnerTotals' | 'reviewReasons' | 'reviewDueTime';

/** Fields that both sides read. */
const toPublic = (order: Order): Omit<OrderMessage, Guarded> => ({
  id: order.id,
  number: order.number,
  partnerId: order.partnerId,
  partnerName: order.partnerName,
  state: OrderState[order.state],
  quoteId: order.quoteId ?? '',
  quoteNumber: order.quoteNumber ?? '',
  opportunityId: order.opportunityId ?? '',
  dealId: order.dealId ?? '',
  customerId: order.customerId,
  customerName: order.customerName,
  currencyCode: order.currency,
  shipTo: order.shipTo,
  purchaseOrderNumber: order.purchaseOrderNumber,
  note: order.note,
  ownerPersonId: order.ownerPersonId ?? '',
  ownerName: order.ownerName,
  ownerEmail: order.ownerEmail,
  reviewNotice: order.state === 'UNDER_REVIEW' ? reviewNotice : '',
  question: order.question,
  rejectReason: order.rejectReason ? RejectReason[order.rejectReason as keyof typeof RejectReason] : RejectReason.UNSPECIFIED,
  decisionComment: order.decisionComment,
  stateReason: order.stateReason,
  resubmissionOfId: order.resubmissionOfId ?? '',
  source: order.source,
  externalId: order.externalId ?? '',
  possibleDuplicate: order.possibleDuplicate,
  moves: [],
  etag: String(order.version),
  orderTime: order.orderTime,
  submitTime: order.submitTime ?? undefined,
  decisionTime: order.decisionTime ?? undefined,
  fulfilTime: order.fulfilTime ?? undefined,
  cancelTime: order.cancelTime ?? undefined,
  createTime: order.createTime,
  updateTime: order.updateTime,
});

const toLine = (line: OrderLine, withAmount: boolean): LineMessage => ({
  id: line.id,
  position: line.position,
  productId: line.productId ?? '',
  productName: line.productName,
  quantity: line.quantity,
  linePartnerId: line.linePartnerId,
  linePartnerName: line.linePartnerName,
  amount: withAmount ? toGoogleMoney(line.amount) : undefined,
  state: OrderLineState[line.state],
  expectedTime: line.expectedTime ?? undefined,
  fulfilTime: line.fulfilTime ?? undefined,
});

function totalOfPartner(order: Order, partnerId: string): PartnerTotal {
  const lines = order.lines.filter((line) => line.linePartnerId === partnerId);
  const total = (some: OrderLine[]): Money =>
    sum(
      some.map((line) => line.amount),
      order.currency,
    );
  const name = lines[0]?.linePartnerName ?? order.partnerName;
  const fulfilled = total(lines.filter((line) => line.state === 'FULFILLED'));
  return { partnerId, partnerName: name, total: toGoogleMoney(total(lines)), fulfilled: toGoogleMoney(fulfilled) };
}
