import { createFromQuote, shipToOf, type FromQuote } from './new-order';
import { defaultSettings } from './settings';
import { fingerprintOf, submitOrder } from './submit';
import { totalOf } from './lines';
import type { Facts } from './facts';
import {
  givenFacts,
  givenLine,
  givenOrder,
  givenPartner,
  givenQuote,
  nextId,
  now,
  partnerA,
  partnerB,
  seller,
  usd,
} from '../testing/given';

const submit = (facts: Facts = givenFacts(), confirmDuplicate = false) =>
  submitOrder({ order: givenOrder(), steps: [] }, { facts, settings: defaultSettings, by: seller, confirmDuplicate }, now);
const fromQuote = (input: Partial<FromQuote> = {}): FromQuote => ({
  quote: givenQuote(),
  customer: givenFacts().customer!,
  partnerName: 'Partner A',
  nameOfPartner: (id) => (id === partnerA ? 'Partner A' : 'Partner B'),
  owner: null,
  shipTo: null,
  purchaseOrderNumber: '',
  note: '',
  equalOrder: null,
  ...input,
});
const making = { id: nextId(), number: 'OR-000007', newId: nextId, by: seller, now };

describe('an order from a quote', () => {
  it('takes lines, amounts and partners as they were agreed, to the cent', () => {
    const [line] = givenQuote().lines;
    const quote = givenQuote({
      total: usd(150_001),
      lines: [line!, { ...line!, linePartnerId: partnerB, amount: usd(50_001), quantity: 7n }],
    });
    const { order, steps } = createFromQuote(fromQuote({ quote }), making);
    expect(order.lines.map((each) => [each.position, each.linePartnerName, each.quantity, each.amount.minor, each.state])).toEqual([
      [1, 'Partner A', 1n, 100_000n, 'PENDING'],
      [2, 'Partner B', 7n, 50_001n, 'PENDING'],
    ]);
    expect(totalOf(order)).toEqual(quote.total);
    expect(steps).toMatchObject([{ move: 'create', from: '', event: 'OrderCreated', order: { state: 'DRAFT', version: 1 } }]);
  });

  it('is refused unless the quote is accepted, and once it is ordered', () => {
    expect(() => createFromQuote(fromQuote({ quote: givenQuote({ state: 'APPROVED' }) }), making)).toThrow(
      expect.objectContaining({ reason: 'QUOTE_NOT_ACCEPTED' }),
    );
    expect(() => createFromQuote(fromQuote({ quote: givenQuote({ state: 'ORDERED' }) }), making)).toThrow(
      expect.objectContaining({ reason: 'QUOTE_ALREADY_ORDERED' }),
    );
  });

  it('goes to the customer unless told otherwise', () => {
    const customer = givenFacts().customer!;
    expect(shipToOf(null, customer)).toEqual({ name: 'Cancity', street: '', city: 'Boston', postalCode: '', country: 'US' });
    expect(shipToOf({ street: 'Elm 1', postalCode: '1' }, customer)).toEqual({
      name: 'Cancity',
      street: 'Elm 1',
      city: '',
      postalCode: '1',
      country: 'US',
    });
    expect(shipToOf({ country: 'CA' }, customer)).toMatchObject({ country: 'CA' });
  });
});

describe('handing in', () => {
  it('goes on to fulfilment at once when no rule asks for a person', () => {
    const { order, steps } = submit();
    expect(steps.map((step) => [step.move, step.from, step.order.state, step.event, step.order.version, Boolean(step.automatic)])).toEqual([
      ['submit', 'DRAFT', 'SUBMITTED', 'OrderSubmitted', 2, false],
      ['approveByRule', 'SUBMITTED', 'APPROVED', 'OrderApproved', 3, true],
      ['start', 'APPROVED', 'IN_FULFILMENT', 'OrderFulfilmentStarted', 4, true],
    ]);
    expect(order).toMatchObject({ state: 'IN_FULFILMENT', submittedBy: seller, submitTime: now, decisionTime: now, reviewReasons: [] });
  });

  it('stops at the order desk when a rule fires, with the reasons and a business day', () => {
    const { order, steps } = submit(givenFacts({}, { ordersOfPartner: 0 }));
    expect(steps.map((step) => [step.move, step.order.state])).toEqual([
      ['submit', 'SUBMITTED'],
      ['askForReview', 'UNDER_REVIEW'],
    ]);
    expect(order).toMatchObject({
      reviewReasons: [{ rule: 'FIRST_ORDERS' }],
      reviewDueTime: new Date('2026-03-11T10:00:00Z'),
      decisionTime: null,
    });
  });

  it('is refused by a hard check before any rule is asked', () => {
    const suspended = new Map([[partnerA, givenPartner({ state: 'SUSPENDED' })]]);
    expect(() => submit(givenFacts({ partners: suspended }))).toThrow(expect.objectContaining({ reason: 'PARTNER_NOT_ACTIVE' }));
  });

  it('asks to confirm an equal order of the same day, and remembers that it was one', () => {
    const facts = givenFacts({}, { equalOrder: 'OR-000003' });
    expect(() => submit(facts)).toThrow(
      expect.objectContaining({ reason: 'DUPLICATE_NEEDS_CONFIRMATION', message: expect.stringContaining('OR-000003') }),
    );
    expect(submit(facts, true).order.possibleDuplicate).toBe(true);
  });

  it.each([
    [0, 0, false],
    [999, 1_000, false],
    [1_000, 1_000, true],
    [1_500, 1_000, true],
    [1, 0, true],
  ])('notes whether a discount of %i used up the limit of %i: %s', (discountBasisPoints, maxDiscountBasisPoints, expected) => {
    const quote = givenQuote();
    const partners = new Map([[partnerA, givenPartner({ maxDiscountBasisPoints })]]);
    const facts = givenFacts({ partners, quote: { ...quote, lines: quote.lines.map((line) => ({ ...line, discountBasisPoints })) } });
    expect(submit(facts).order.discountAtLimit).toBe(expected);
  });
});

describe('the fingerprint of an order', () => {
  const lines = [givenLine({ quantity: 2n }), givenLine({ linePartnerId: partnerB, amount: usd(5) })];
  it('is the same in whatever order lines come', () =>
    expect(fingerprintOf('USD', lines)).toBe(fingerprintOf('USD', [...lines].reverse())));
  it.each([
    ['quantity', { quantity: 3n }],
    ['amount', { amount: usd(1) }],
    ['partner', { linePartnerId: partnerB }],
    ['product', { productId: partnerB }],
  ])('differs with the %s', (_what, change) =>
    expect(fingerprintOf('USD', [{ ...lines[0]!, ...change }, lines[1]!])).not.toBe(fingerprintOf('USD', lines)),
  );
  it('differs with the currency', () => expect(fingerprintOf('EUR', lines)).not.toBe(fingerprintOf('USD', lines)));
});
