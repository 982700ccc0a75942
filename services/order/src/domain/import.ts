import { failedPrecondition } from '@openprm/errors';
import { begin, type Decision } from './decision';
import { requireSame } from './edit';
import type { CustomerFacts, QuoteFacts } from './facts';
import { blank, shipToOf, type Making, type Person } from './new-order';
import type { Order, OrderLine, ShipTo } from './order';

/** An order from outside with everything it refers to looked up. */
export interface Imported {
  externalId: string;
  source: string;
  partner: { id: string; name: string };
  customer: CustomerFacts;
  quote: QuoteFacts | null;
  opportunityId: string | null;
  dealId: string | null;
  currency: string;
  lines: Pick<OrderLine, 'productId' | 'productName' | 'productFamily' | 'quantity' | 'linePartnerId' | 'linePartnerName' | 'amount'>[];
  delivered: boolean;
  orderTime: Date;
  fulfilTime: Date;
  owner: Person | null;
  shipTo: Partial<ShipTo> | null;
  purchaseOrderNumber: string;
}

/** A delivered order is recorded as FULFILLED with its historic dates; another one starts as a DRAFT that the caller hands in. */
export function importOrder(item: Imported, making: Making): Decision {
  if (item.fulfilTime < item.orderTime) throw failedPrecondition('INVALID_DATES', 'It was delivered before it was ordered.');
  const order: Order = {
    ...blank(making),
    ...(item.delivered ? delivered(item, making.by) : {}),
    partnerId: item.partner.id,
    partnerName: item.partner.name,
    quoteId: item.quote?.id ?? null,
    quoteNumber: item.quote?.number ?? null,
    opportunityId: item.opportunityId ?? item.quote?.opportunityId ?? null,
    dealId: item.dealId ?? item.quote?.dealId ?? null,
    customerId: item.customer.id,
    customerName: item.customer.name,
    currency: item.currency,
    shipTo: shipToOf(item.shipTo, item.customer),
    purchaseOrderNumber: item.purchaseOrderNumber,
    lines: item.lines.map((line, index) => ({ ...line, shared: false, ...lineState(item), id: making.newId(), position: index + 1 })),
    ownerPersonId: item.owner?.personId ?? null,
    ownerName: item.owner?.name ?? '',
    ownerEmail: item.owner?.email ?? '',
    source: item.source,
    externalId: item.externalId,
    orderTime: item.orderTime,
  };
  if (item.quote) requireSame(order, item.quote);
  return begin(order, 'import', 'OrderImported');
}

const delivered = (item: Imported, by: string): Partial<Order> => ({
  state: 'FULFILLED',
  submittedBy: by,
  submitTime: item.orderTime,
  decisionTime: item.orderTime,
  fulfilTime: item.fulfilTime,
});

const lineState = (item: Imported): Pick<OrderLine, 'state' | 'expectedTime' | 'fulfilTime'> =>
  item.delivered
    ? { state: 'FULFILLED', expectedTime: null, fulfilTime: item.fulfilTime }
    : { state: 'PENDING', expectedTime: null, fulfilTime: null };
