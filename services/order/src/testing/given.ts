import type { Facts, PartnerFacts, QuoteFacts } from '../domain/facts';
import { blank } from '../domain/new-order';
import type { LineState, Order, OrderLine, OrderState } from '../domain/order';

export const now = new Date('2026-03-10T10:00:00Z');
export const seller = 'seller@partner.example';
export const desk = 'desk@enterprise.example';
export const partnerA = '0190a000-0000-7000-8000-00000000000a';
export const partnerB = '0190b000-0000-7000-8000-00000000000b';
export const customer = '0190c000-0000-7000-8000-00000000000c';

export const usd = (minor: bigint | number) => ({ minor: BigInt(minor), currency: 'USD' });

let counter = 0;
export const nextId = (): string => `0190d000-0000-7000-8000-${(counter += 1).toString().padStart(12, '0')}`;

export const givenLine = (line: Partial<OrderLine> = {}): OrderLine => ({
  id: nextId(),
  position: 1,
  productId: '0190e000-0000-7000-8000-00000000000e',
  productName: 'GTX Pro',
  productFamily: 'GTX',
  quantity: 1n,
  linePartnerId: partnerA,
  linePartnerName: 'Partner A',
  amount: usd(100_000),
  shared: false,
  state: 'PENDING',
  expectedTime: null,
  fulfilTime: null,
  ...line,
});

export const givenLines = (...states: LineState[]): OrderLine[] =>
  states.map((state, index) => givenLine({ state, position: index + 1, fulfilTime: state === 'FULFILLED' ? now : null }));

export const givenOrder = (order: Partial<Order> = {}): Order => ({
  ...blank({ id: nextId(), number: 'OR-000001', newId: nextId, by: seller, now: new Date('2026-03-09T10:00:00Z') }),
  partnerId: partnerA,
  partnerName: 'Partner A',
  quoteId: '0190f000-0000-7000-8000-00000000000f',
  quoteNumber: 'QU-000001',
  customerId: customer,
  customerName: 'Cancity',
  currency: 'USD',
  shipTo: { name: 'Cancity', street: '', city: '', postalCode: '', country: 'US' },
  lines: [givenLine()],
  ...order,
});

export const givenOrderIn = (state: OrderState, order: Partial<Order> = {}): Order =>
  givenOrder({ state, version: 5, submittedBy: seller, ...order });

export const givenPartner = (partner: Partial<PartnerFacts> = {}): PartnerFacts => ({
  id: partnerA,
  name: 'Partner A',
  state: 'ACTIVE',
  enrolled: true,
  tier: 'GOLD',
  catalogScope: 'full',
  maxDiscountBasisPoints: 1_000,
  domain: 'partner-a.example',
  ...partner,
});

export const givenQuote = (quote: Partial<QuoteFacts> = {}): QuoteFacts => ({
  id: '0190f000-0000-7000-8000-00000000000f',
  number: 'QU-000001',
  state: 'ACCEPTED',
  partnerId: partnerA,
  customerId: customer,
  opportunityId: null,
  dealId: null,
  currency: 'USD',
  total: usd(100_000),
  validUntil: new Date('2026-03-31T23:59:59Z'),
  acceptTime: now,
  lines: [
    {
      id: nextId(),
      productId: '0190e000-0000-7000-8000-00000000000e',
      productName: 'GTX Pro',
      productFamily: 'GTX',
      productScope: 'standard',
      quantity: 1n,
      linePartnerId: partnerA,
      amount: usd(100_000),
      discountBasisPoints: 0,
      shared: false,
    },
  ],
  ...quote,
});

/** Facts of a well-known partner and customer: no rule has anything to say. */
export const givenFacts = (facts: Partial<Facts> = {}, history: Partial<Facts['history']> = {}): Facts => ({
  quote: givenQuote(),
  partners: new Map([[partnerA, givenPartner()]]),
  customer: {
    id: customer,
    name: 'Cancity',
    country: 'US',
    city: 'Boston',
    taxId: '12-3456789',
    domain: 'cancity.example',
    mailDomain: 'cancity.example',
  },
  history: {
    ordersOfPartner: 12,
    ordersOfCustomer: 2,
    recentTotals: [90_000n, 100_000n, 120_000n],
    monthTotals: [],
    discountAtLimitInARow: 0,
    equalOrder: null,
    ...history,
  },
  foreignFamilies: [],
  memberSince: new Date('2025-01-01T00:00:00Z'),
  ...facts,
});
