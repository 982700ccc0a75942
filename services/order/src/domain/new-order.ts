import { failedPrecondition } from '@openprm/errors';
import { begin, type Decision } from './decision';
import type { CustomerFacts, QuoteFacts } from './facts';
import { quoteNotAccepted } from './hard-checks';
import { portal, type Order, type OrderLine, type ShipTo } from './order';

/** What only the outside can give to a new order. */
export interface Making {
  id: string;
  number: string;
  newId: () => string;
  /** Principal of whoever makes it. */
  by: string;
  now: Date;
}

/** The partner's person in charge. */
export interface Person {
  personId: string;
  name: string;
  email: string;
}

export interface FromQuote {
  quote: QuoteFacts;
  customer: CustomerFacts;
  partnerName: string;
  nameOfPartner: (id: string) => string;
  owner: Person | null;
  shipTo: Partial<ShipTo> | null;
  purchaseOrderNumber: string;
  note: string;
  equalOrder: string | null;
}

/** DRAFT from an accepted quote: its lines, amounts and partners as they were agreed. */
export function createFromQuote(input: FromQuote, making: Making): Decision {
  const { quote, customer } = input;
  if (quote.state === 'ORDERED') throw alreadyOrdered();
  if (quote.state !== 'ACCEPTED') throw quoteNotAccepted();
  const order: Order = {
    ...blank(making),
    partnerId: quote.partnerId,
    partnerName: input.partnerName,
    quoteId: quote.id,
    quoteNumber: quote.number,
    opportunityId: quote.opportunityId,
    dealId: quote.dealId,
    customerId: customer.id,
    customerName: customer.name,
    currency: quote.currency,
    shipTo: shipToOf(input.shipTo, customer),
    purchaseOrderNumber: input.purchaseOrderNumber,
    note: input.note,
    lines: linesOf(quote, input.nameOfPartner, making.newId),
    ownerPersonId: input.owner?.personId ?? null,
    ownerName: input.owner?.name ?? '',
    ownerEmail: input.owner?.email ?? '',
    possibleDuplicate: input.equalOrder !== null,
  };
  return begin(order, 'create', 'OrderCreated');
}

export const alreadyOrdered = () => failedPrecondition('QUOTE_ALREADY_ORDERED', 'The quote has its order already.');

function linesOf(quote: QuoteFacts, nameOfPartner: (id: string) => string, newId: () => string): OrderLine[] {
  return quote.lines.map((line, index) => ({
    id: newId(),
    position: index + 1,
    productId: line.productId,
    productName: line.productName,
    productFamily: line.productFamily,
    quantity: line.quantity,
    linePartnerId: line.linePartnerId,
    linePartnerName: nameOfPartner(line.linePartnerId),
    amount: line.amount,
    shared: line.shared,
    state: 'PENDING',
    expectedTime: null,
    fulfilTime: null,
  }));
}

/** What was given, completed from the customer: an address without a name or country is the customer's. */
export function shipToOf(given: Partial<ShipTo> | null, customer: CustomerFacts): ShipTo {
  return {
    name: given?.name || customer.name,
    street: given?.street || '',
    city: given?.city || (given?.street ? '' : customer.city),
    postalCode: given?.postalCode || '',
    country: given?.country || customer.country,
  };
}

/** The empty order all others start from. */
export function blank({ id, number, by, now }: Making): Order {
  return {
    id,
    number,
    version: 1,
    partnerId: '',
    partnerName: '',
    state: 'DRAFT',
    quoteId: null,
    quoteNumber: null,
    opportunityId: null,
    dealId: null,
    customerId: '',
    customerName: '',
    currency: '',
    shipTo: { name: '', street: '', city: '', postalCode: '', country: '' },
    purchaseOrderNumber: '',
    note: '',
    lines: [],
    ownerPersonId: null,
    ownerName: '',
    ownerEmail: '',
    createdBy: by,
    submittedBy: null,
    reviewReasons: [],
    reviewDueTime: null,
    question: '',
    rejectReason: null,
    decisionComment: '',
    stateReason: '',
    resubmissionOfId: null,
    source: portal,
    externalId: null,
    possibleDuplicate: false,
    discountAtLimit: false,
    backTo: null,
    orderTime: now,
    submitTime: null,
    decisionTime: null,
    fulfilTime: null,
    cancelTime: null,
    createTime: now,
    updateTime: now,
  };
}
