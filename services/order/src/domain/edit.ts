import { failedPrecondition } from '@openprm/errors';
import { equal } from '@openprm/money';
import { decide, type Decision } from './decision';
import type { QuoteFacts } from './facts';
import { totalOf } from './lines';
import type { Order } from './order';

export type Edit = Partial<Pick<Order, 'shipTo' | 'purchaseOrderNumber' | 'note'>>;

/** Changes a draft. */
export const editOrder = (order: Order, change: Edit, now: Date): Decision => decide(order, 'edit', now, { event: 'OrderUpdated', change });

export interface Links {
  quote: QuoteFacts | null;
  opportunityId: string | null;
  dealId: string | null;
}

/** Connects an order that came without its quote, opportunity or deal. What is connected already cannot be changed. */
export function linkOrder(order: Order, links: Links, now: Date): Decision {
  const { quote } = links;
  const change = {
    quoteId: linked(order.quoteId, quote?.id ?? null, 'quote'),
    quoteNumber: order.quoteNumber ?? quote?.number ?? null,
    opportunityId: linked(order.opportunityId, links.opportunityId ?? quote?.opportunityId ?? null, 'opportunity'),
    dealId: linked(order.dealId, links.dealId ?? quote?.dealId ?? null, 'deal'),
  };
  if (quote) requireSame(order, quote);
  return decide(order, 'link', now, { event: 'OrderLinked', change });
}

function linked(present: string | null, wanted: string | null, what: string): string | null {
  if (present && wanted && present !== wanted)
    throw failedPrecondition('ALREADY_LINKED', `The order is connected with another ${what} already.`);
  return present ?? wanted;
}

/** A quote belongs to an order only with the same partner, customer, currency and total. */
export function requireSame(order: Order, quote: QuoteFacts): void {
  if (quote.partnerId !== order.partnerId || quote.customerId !== order.customerId) {
    throw failedPrecondition('UNKNOWN_QUOTE', 'The quote is of another partner or customer.');
  }
  if (quote.currency !== order.currency)
    throw failedPrecondition('CURRENCY_DIFFERS', `The quote is in ${quote.currency}, the order in ${order.currency}.`);
  if (!equal(quote.total, totalOf(order))) throw failedPrecondition('TOTAL_DIFFERS', 'The total is not that of the quote.');
}
