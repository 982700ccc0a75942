import { money, type Money } from '@openprm/money';
import type { ProductFacts } from './catalog';
import type { QuoteLine } from './line';
import { createQuote, DEFAULT_VALIDITY_DAYS } from './quote-life';
import type { Quote, QuoteDecision } from './quote';

/** A quote of the past as its source tells it. */
export interface PastQuote {
  id: string;
  lineId: string;
  number: string;
  externalId: string;
  partnerId: string;
  dealId: string | null;
  opportunityId: string | null;
  customerId: string | null;
  customerName: string;
  product: ProductFacts;
  quantity: number;
  /** What the whole line cost the customer. */
  agreed: Money;
  /** Price of one unit on the list of that currency, where there is one. */
  unitListPrice: bigint | null;
  unitCost: bigint | null;
  createdAt: Date;
  orderedAt: Date;
}

/** Records an ORDERED quote with one line at the agreed value; no rule runs, since it has happened. */
export function importQuote(past: PastQuote): QuoteDecision {
  const { id, number, partnerId, dealId, opportunityId, customerId, customerName, agreed, createdAt, orderedAt } = past;
  const fresh = createQuote(
    {
      id,
      number,
      partnerId,
      dealId,
      opportunityId,
      customerId,
      customerName,
      currency: agreed.currency,
      header: {},
      validityDays: DEFAULT_VALIDITY_DAYS,
      lines: [agreedLine(past)],
    },
    createdAt,
  );
  const quote: Quote = {
    ...fresh.quote,
    state: 'ORDERED',
    externalId: past.externalId,
    updatedAt: orderedAt,
    submittedAt: createdAt,
    acceptedAt: orderedAt,
  };
  return { quote, event: { type: 'QuoteImported' } };
}

function agreedLine(past: PastQuote): QuoteLine {
  const { product, quantity, agreed, partnerId } = past;
  const units = BigInt(quantity);
  const listAmount = past.unitListPrice === null ? agreed.minor : money(past.unitListPrice * units, agreed.currency).minor;
  const steps = [
    ...(past.unitListPrice === null
      ? []
      : [{ kind: 'LIST' as const, source: '', unitPrice: past.unitListPrice, discountBps: 0, lineAmount: listAmount }]),
    { kind: 'AGREED' as const, source: past.externalId, unitPrice: null, discountBps: 0, lineAmount: agreed.minor },
  ];
  const costAmount = past.unitCost === null ? null : money(past.unitCost * units, agreed.currency).minor;
  const unitListPrice = past.unitListPrice ?? agreed.minor / units;
  return {
    ...{
      id: past.lineId,
      position: 1,
      productId: product.id,
      productName: product.name,
      sku: product.sku,
      family: product.family,
      needsCheck: product.needsCheck,
    },
    ...{ quantity, linePartnerId: partnerId, options: [], discountBps: 0, confirmation: 'NOT_NEEDED', shared: false },
    priced: { unitListPrice, listAmount, entitledAmount: listAmount, netAmount: agreed.minor, costAmount, steps },
  };
}
