import type { QuoteLine } from '../domain/line';
import { priceLines, type BookPrice, type PriceFacts } from '../domain/pricing';
import type { Quote } from '../domain/quote';
import { createQuote } from '../domain/quote-life';

export const NOW = new Date('2026-03-02T10:00:00.000Z');
export const OWNER = '00000000-0000-4000-8000-00000000000a';
export const OTHER = '00000000-0000-4000-8000-00000000000b';

let counter = 0;
export const newId = (): string => `00000000-0000-4000-8000-${String(++counter).padStart(12, '0')}`;

export function givenLine(fields: Partial<QuoteLine> = {}): QuoteLine {
  const id = fields.id ?? newId();
  const product = { productId: `product-${id}`, productName: 'GTX Pro', sku: 'GTX-PRO', family: 'GTX', needsCheck: false };
  return {
    position: 1,
    quantity: 1,
    linePartnerId: OWNER,
    options: [],
    discountBps: 0,
    confirmation: 'NOT_NEEDED',
    shared: false,
    priced: null,
    ...product,
    ...fields,
    id,
  };
}

export const givenPrice = (fields: Partial<BookPrice> = {}): BookPrice => ({
  book: 'USD list',
  unitPrice: 100_00n,
  unitCost: null,
  options: {},
  ...fields,
});

export const givenFacts = (fields: Partial<PriceFacts> = {}): PriceFacts => ({
  list: givenPrice(),
  custom: null,
  rule: 'LIST',
  volumeBreaks: [],
  registrationBps: 0,
  barred: false,
  ...fields,
});

export const priced = (lines: QuoteLine[], facts: Partial<PriceFacts> = {}): QuoteLine[] =>
  priceLines(lines, 'USD', () => givenFacts(facts));

export function givenQuote(fields: Partial<Quote> = {}): Quote {
  const blank = {
    id: newId(),
    number: 'QU-000001',
    partnerId: OWNER,
    dealId: null,
    opportunityId: null,
    customerId: null,
    customerName: 'Acme',
    currency: 'USD',
    header: {},
    validityDays: 30,
  };
  return { ...createQuote({ ...blank, lines: fields.lines ?? [givenLine()] }, NOW).quote, ...fields };
}
