import * as orders from '@openprm/contracts/order';
import { QuoteState } from '@openprm/contracts/quoting';
import { ImportOutcome } from '@openprm/contracts/type';
import { newId } from '@openprm/postgres';
import { endValidity } from '../src/usecases/end-validity';
import {
  givenCustomer,
  givenPartner,
  givenProduct,
  givenQuoting,
  givenSubmitted,
  nextNumber,
  refusal,
  usd,
  type Partner,
  type Quoting,
} from './given';

let quoting: Quoting;
let productId: string;
beforeAll(async () => {
  quoting = await givenQuoting();
  productId = (await givenProduct(quoting)).id;
});
afterAll(() => quoting.stop());

const DAY = 86_400_000;
const eventsOf = async (id: string) => (await quoting.outbox()).filter((event) => event.key === id).map((event) => event.type);

describe('the end of validity', () => {
  afterEach(() => {
    quoting.clock.now = new Date('2026-03-02T10:00:00.000Z');
  });

  test('is told seven days and one day before, each once, and then comes', async () => {
    const partner = await givenPartner(quoting);
    const quote = await givenSubmitted(partner, [{ productId }]);
    const end = quote.validUntil!.getTime();
    for (const [at, type] of [
      [end - 8 * DAY, 'QuoteApproved'],
      [end - 7 * DAY, 'QuoteExpiryNear'],
      [end - DAY, 'QuoteExpiryNear'],
      [end, 'QuoteExpiryNear'],
      [end + 1, 'QuoteExpired'],
    ] as const) {
      quoting.clock.now = new Date(at);
      await endValidity(quoting.service.deps);
      await endValidity(quoting.service.deps);
      expect((await eventsOf(quote.id)).at(-1)).toBe(type);
    }
    expect(await eventsOf(quote.id)).toEqual([
      'QuoteCreated',
      'QuotePriced',
      'QuoteApproved',
      'QuoteExpiryNear',
      'QuoteExpiryNear',
      'QuoteExpired',
    ]);
    expect(await partner.seller.getQuote({ id: quote.id })).toMatchObject({ state: QuoteState.EXPIRED, moves: ['revise', 'shareLine'] });
    expect((await quoting.admin.getQuoteHistory({ id: quote.id })).entries.at(-1)).toMatchObject({ move: 'expire', side: 'SYSTEM' });
  });

  test('two copies of the timer do it once', async () => {
    const partner = await givenPartner(quoting);
    const quote = await givenSubmitted(partner, [{ productId }]);
    quoting.clock.now = new Date(quote.validUntil!.getTime() + 1);
    await Promise.all([endValidity(quoting.service.deps), endValidity(quoting.service.deps), endValidity(quoting.service.deps)]);
    expect((await eventsOf(quote.id)).filter((type) => type === 'QuoteExpired')).toHaveLength(1);
  });

  test('an offer past its end is not accepted although the timer has not come by', async () => {
    const partner = await givenPartner(quoting);
    const quote = await givenSubmitted(partner, [{ productId }]);
    quoting.clock.now = new Date(quote.validUntil!.getTime() + 1);
    expect(await refusal(partner.seller.acceptQuote({ id: quote.id, proof: 'PO' }))).toBe('FAILED_PRECONDITION VALIDITY_PASSED');
    const next = await partner.seller.reviseQuote({ id: quote.id });
    expect(next.validUntil!.getTime()).toBeGreaterThan(quoting.clock.now.getTime());
  });

  test('accept against expiry: one of them wins', async () => {
    const partner = await givenPartner(quoting);
    const quote = await givenSubmitted(partner, [{ productId }]);
    quoting.clock.now = quote.validUntil!;
    const accepted = refusal(partner.seller.acceptQuote({ id: quote.id, proof: 'PO' }));
    await Promise.all([accepted, endValidity({ ...quoting.service.deps, clock: () => new Date(quote.validUntil!.getTime() + 1) })]);
    const { state } = await partner.seller.getQuote({ id: quote.id });
    expect(state).toBe((await accepted) === 'accepted' ? QuoteState.ACCEPTED : QuoteState.EXPIRED);
  });
});

describe('an order', () => {
  const ordered = (quoteId: string, id = newId()) =>
    quoting.deliver(orders.OrderCreated, { order: orders.Order.fromPartial({ id, quoteId, etag: '1' }) });

  test('ends the life of an accepted quote, once', async () => {
    const partner = await givenPartner(quoting);
    const quote = await givenSubmitted(partner, [{ productId }]);
    await ordered(quote.id);
    expect((await partner.seller.getQuote({ id: quote.id })).state).toBe(QuoteState.APPROVED);
    await partner.seller.acceptQuote({ id: quote.id, proof: 'PO' });
    const orderId = newId();
    await ordered(quote.id, orderId);
    await ordered(quote.id);
    expect(await partner.seller.getQuote({ id: quote.id })).toMatchObject({ state: QuoteState.ORDERED, orderId });
    expect((await eventsOf(quote.id)).filter((type) => type === 'QuoteOrdered')).toHaveLength(1);
  });

  test('of a quote that is not known here changes nothing', async () => {
    await ordered(newId());
    await ordered('');
  });
});

describe('import of quotes of the past', () => {
  const past = (partner: Partner, externalId: string, fields: object = {}) => ({
    externalId,
    partnerId: partner.id,
    productId,
    agreedValue: usd(90),
    createTime: new Date('2017-01-05T00:00:00Z'),
    orderTime: new Date('2017-02-01T00:00:00Z'),
    dealId: newId(),
    opportunityId: newId(),
    ...fields,
  });

  test('makes ORDERED quotes with one line at the agreed value and the dates of then', async () => {
    const partner = await givenPartner(quoting);
    const customerId = await givenCustomer(quoting, partner.id);
    const { results } = await quoting.admin.importQuotes({ items: [past(partner, `won:${nextNumber()}`, { customerId })] });
    const quote = await quoting.admin.getQuote({ id: results[0]!.id });
    expect(quote).toMatchObject({
      state: QuoteState.ORDERED,
      customerId,
      partnerName: partner.name,
      currency: 'USD',
      totals: { listAmount: usd(100), netAmount: usd(90), discountBasisPoints: 1000 },
      moves: ['shareLine'],
    });
    expect(quote).toMatchObject({
      createTime: new Date('2017-01-05T00:00:00Z'),
      acceptTime: new Date('2017-02-01T00:00:00Z'),
      lines: [{ quantity: 1, linePartnerId: partner.id, netAmount: usd(90) }],
    });
    expect(await eventsOf(quote.id)).toEqual(['QuoteImported']);
  });

  test('takes partners, customers and deals whose news has not arrived, and refuses unknown products and no amounts', async () => {
    const partner = await givenPartner(quoting);
    const unknown = { ...partner, id: newId() };
    const [one, two, three, four] = Array.from({ length: 4 }, () => `won:${nextNumber()}`) as [string, string, string, string];
    const items = [
      past(unknown, one, { customerId: newId() }),
      past(partner, two, { productId: newId() }),
      past(partner, three, { agreedValue: usd(-1) }),
      past(partner, four, { orderTime: new Date('2016-01-01T00:00:00Z') }),
    ];
    const { results } = await quoting.admin.importQuotes({ items });
    expect(results.map((each) => [each.outcome, each.violations[0]?.field])).toEqual([
      [ImportOutcome.CREATED, undefined],
      [ImportOutcome.REFUSED, 'product_id'],
      [ImportOutcome.REFUSED, 'agreed_value'],
      [ImportOutcome.REFUSED, 'order_time'],
    ]);
  });

  test('run again, also at the same time, changes nothing', async () => {
    const partner = await givenPartner(quoting);
    const items = Array.from({ length: 20 }, (_, index) => past(partner, `again:${nextNumber()}:${index}`));
    const runs = await Promise.all([
      quoting.admin.importQuotes({ items }),
      quoting.admin.importQuotes({ items }),
      quoting.admin.importQuotes({ items }),
    ]);
    expect(runs.map((run) => run.results.filter((each) => each.outcome === ImportOutcome.CREATED).length).sort((a, b) => a - b)).toEqual([
      0, 0, 20,
    ]);
    expect(new Set(runs.flatMap((run) => run.results.map((each) => each.id))).size).toBe(20);
    expect((await partner.seller.listQuotes({ pageSize: 100 })).quotes).toHaveLength(20);
  });

  test('a dry run writes nothing', async () => {
    const partner = await givenPartner(quoting);
    const { results } = await quoting.admin.importQuotes({ items: [past(partner, `dry:${nextNumber()}`)], validateOnly: true });
    expect(results[0]!.outcome).toBe(ImportOutcome.CREATED);
    expect((await partner.seller.listQuotes({})).quotes).toEqual([]);
  });
});

test('a summary counts by state and sums per currency, with the newest quotes and moves', async () => {
  const partner = await givenPartner(quoting, { tier: 'PLATINUM' });
  const euro = await givenProduct(quoting, { listPrices: [{ currencyCode: 'EUR', units: 100n }], unitCosts: [] });
  await givenSubmitted(partner, [{ productId, quantity: 2 }]);
  for (const discountBasisPoints of [0, 1500]) {
    const { id } = await givenSubmitted(partner, [{ productId, discountBasisPoints }]);
    await partner.seller.acceptQuote({ id, proof: 'PO' });
  }
  await givenSubmitted(partner, [{ productId: euro.id }], { currency: 'EUR' });
  quoting.clock.now = new Date(quoting.clock.now.getTime() + 1_000);
  await partner.seller.createQuote({ quote: { currency: 'USD' } });
  const summary = await partner.owner.summarizeQuotes({ partnerId: partner.id });
  expect(summary.counts).toEqual([
    { state: QuoteState.ACCEPTED, count: 2n },
    { state: QuoteState.APPROVED, count: 2n },
    { state: QuoteState.DRAFT, count: 1n },
  ]);
  expect(summary.sums).toMatchObject([
    { currency: 'EUR', openAmount: { units: 100n }, wonAmount: { units: 0n }, wonCount: 0n },
    { currency: 'USD', openAmount: usd(200), wonAmount: usd(185), wonListAmount: usd(200), averageDiscountBasisPoints: 750, wonCount: 2n },
  ]);
  expect(summary.recent).toHaveLength(5);
  expect(summary.recentActivity).toHaveLength(10);
  expect(summary.recentActivity[0]).toMatchObject({ move: 'create', toState: 'DRAFT' });
});
