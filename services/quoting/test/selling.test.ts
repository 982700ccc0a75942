import { QuoteState, PriceStepKind } from '@openprm/contracts/quoting';
import { run } from '@openprm/postgres';
import {
  givenCustomer,
  givenDeal,
  givenDraft,
  givenPartner,
  givenPriced,
  givenProduct,
  givenQuoting,
  givenSubmitted,
  refusal,
  usd,
  type Quoting,
} from './given';

let quoting: Quoting;
beforeAll(async () => {
  quoting = await givenQuoting();
});
afterAll(() => quoting.stop());

const eventsOf = async (id: string) => (await quoting.outbox()).filter((event) => event.key === id);
const rowOf = async (id: string) =>
  (await run<{ state: string; version: number }>(quoting.service.database, 'select state, version from quotes where id = $1', [id]))[0];

describe('create', () => {
  test('a blank quote is a draft with a number: answer, row and event agree', async () => {
    const partner = await givenPartner(quoting);
    const product = await givenProduct(quoting);
    const customerId = await givenCustomer(quoting, partner.id);
    const quote = await givenDraft(partner, [{ productId: product.id, quantity: 3 }], { customerId });
    expect(quote).toMatchObject({
      state: QuoteState.DRAFT,
      number: expect.stringMatching(/^QU-\d{6}$/),
      revision: 1,
      partnerName: partner.name,
      customerName: expect.stringMatching(/^Customer/),
      etag: '1',
      lineCount: 1,
    });
    expect(quote.validUntil).toEqual(new Date('2026-04-01T23:59:59.000Z'));
    expect(quote.lines).toMatchObject([{ productName: product.name, quantity: 3, linePartnerId: partner.id, netAmount: undefined }]);
    expect(quote.moves).toEqual(['edit', 'price', 'revise', 'cancel', 'shareLine']);
    expect(await rowOf(quote.id)).toEqual({ state: 'DRAFT', version: 1 });
    expect(await eventsOf(quote.id)).toMatchObject([
      {
        type: 'QuoteCreated',
        audience: [partner.id],
        value: { quote: { number: quote.number, state: 'QUOTE_STATE_DRAFT', lines: [{ quantity: 3 }] } },
      },
    ]);
  });

  test('what cannot be quoted is refused and leaves nothing', async () => {
    const partner = await givenPartner(quoting);
    const other = await givenPartner(quoting);
    const product = await givenProduct(quoting);
    const extended = await givenProduct(quoting, { catalogScope: 'CATALOG_SCOPE_EXTENDED' as never });
    const before = (await run(quoting.service.database, 'select 1 from quotes')).length;
    const attempt = (fields: object, lines: object[] = [{ productId: product.id }]) =>
      refusal(partner.seller.createQuote({ quote: { partnerId: partner.id, currency: 'USD', lines, ...fields } }));
    expect(await attempt({ partnerId: other.id })).toBe('INVALID_ARGUMENT UNKNOWN_PARTNER');
    expect(await attempt({ partnerId: product.id })).toBe('INVALID_ARGUMENT UNKNOWN_PARTNER');
    expect(await attempt({ currency: 'XXX' })).toBe('INVALID_ARGUMENT CURRENCY');
    expect(await attempt({ currency: '' })).toBe('INVALID_ARGUMENT CURRENCY');
    expect(await attempt({ customerId: await givenCustomer(quoting, other.id) })).toBe('INVALID_ARGUMENT UNKNOWN_CUSTOMER');
    expect(await attempt({ dealId: await givenDeal(quoting, other.id) })).toBe('INVALID_ARGUMENT UNKNOWN_DEAL');
    expect(await attempt({}, [{ productId: partner.id }])).toBe('INVALID_ARGUMENT UNKNOWN_PRODUCT');
    expect(await attempt({}, [{ productId: extended.id }])).toBe('FAILED_PRECONDITION NOT_IN_CATALOG');
    expect(await attempt({}, [{ productId: product.id, linePartnerId: product.id }])).toBe('INVALID_ARGUMENT UNKNOWN_PARTNER');
    expect((await run(quoting.service.database, 'select 1 from quotes')).length).toBe(before);
  });

  test('partner and home organisation need not be named when there is just one', async () => {
    const partner = await givenPartner(quoting);
    expect(await partner.associate.createQuote({ quote: { currency: 'EUR' } })).toMatchObject({ partnerId: partner.id, currency: 'EUR' });
  });

  test('a deal gives partner, customer, currency and products', async () => {
    const partner = await givenPartner(quoting);
    const product = await givenProduct(quoting);
    const customerId = await givenCustomer(quoting, partner.id);
    const dealId = await givenDeal(quoting, partner.id, {
      customerId,
      lines: [{ productId: product.id, productName: '', productFamily: 'GTX', quantity: 4, amount: undefined }],
    });
    const quote = await partner.associate.createQuote({ quote: { dealId } });
    expect(quote).toMatchObject({
      dealId,
      partnerId: partner.id,
      customerId,
      currency: 'USD',
      lines: [{ productId: product.id, quantity: 4 }],
    });
  });

  test('a suspended partner begins no quote', async () => {
    const partner = await givenPartner(quoting, {}, { state: 'PARTNER_STATE_SUSPENDED' as never });
    expect(await refusal(givenDraft(partner, []))).toBe('FAILED_PRECONDITION PARTNER_NOT_ACTIVE');
  });

  test('repeated with the same key it answers the same, with another body it refuses', async () => {
    const partner = await givenPartner(quoting);
    const create = (note: string) =>
      partner.seller.createQuote({ quote: { partnerId: partner.id, currency: 'USD', note }, requestId: 'once' });
    const [first, second] = await Promise.all([create('a'), create('a')]);
    expect(second.id).toBe(first!.id);
    expect((await create('a')).id).toBe(first!.id);
    expect(await refusal(create('b'))).toBe('FAILED_PRECONDITION IDEMPOTENCY_KEY_REUSED');
    expect((await partner.seller.listQuotes({})).quotes).toHaveLength(1);
  });
});

describe('price', () => {
  test('keeps every step: list, option, volume by tier, registration, manual', async () => {
    const programId = '00000000-0000-7000-8000-0000000000aa';
    const partner = await givenPartner(quoting, {
      tier: 'GOLD',
      entitlements: { 'price.rule': 'volume' },
      settings: { registrationDiscountPct: '2.5' },
      programId,
    });
    await quoting.admin.createProductFamily({
      productFamily: { code: 'VOL', name: 'Volume', volumeBreaks: [{ minQuantity: 10, discountBasisPoints: 500 }] },
    });
    const product = await givenProduct(quoting, { family: 'VOL', options: [{ code: 'CARE', name: 'Care' }] });
    const { priceBooks } = await quoting.admin.listPriceBooks({ currency: 'USD' });
    await quoting.admin.setPriceBookEntries({
      id: priceBooks[0]!.id,
      entries: [{ productId: product.id, unitPrice: usd(100), unitCost: usd(40), optionPrices: [{ option: 'CARE', price: usd(10) }] }],
    });
    const customerId = await givenCustomer(quoting, partner.id);
    const dealId = await givenDeal(quoting, partner.id, { customerId, families: ['VOL'], programId });
    const quote = await givenPriced(partner, [{ productId: product.id, quantity: 10, options: ['CARE'], discountBasisPoints: 1000 }], {
      dealId,
    });
    const line = quote.lines[0]!;
    expect(line.priceSteps.map((step) => [step.kind, step.discountBasisPoints, step.lineAmount])).toEqual([
      [PriceStepKind.LIST, 0, usd(1000)],
      [PriceStepKind.ADDER, 0, usd(1100)],
      [PriceStepKind.VOLUME, 500, usd(1045)],
      [PriceStepKind.REGISTRATION, 250, usd(1018, 880_000_000)],
      [PriceStepKind.MANUAL, 1000, usd(916, 990_000_000)],
    ]);
    expect(quote.totals).toMatchObject({ listAmount: usd(1100), netAmount: usd(916, 990_000_000), discountBasisPoints: 1664 });
    expect([quote.totals!.costAmount, quote.totals!.marginAmount, line.costAmount]).toEqual([undefined, undefined, undefined]);
    expect((await quoting.desk.getQuote({ id: quote.id })).totals).toMatchObject({
      costAmount: usd(400),
      marginAmount: usd(516, 990_000_000),
      marginBasisPoints: 5638,
    });
  });

  test('a custom price of the partner takes the place of the list price', async () => {
    const partner = await givenPartner(quoting, { tier: 'PLATINUM', entitlements: { 'price.rule': 'custom' } });
    const product = await givenProduct(quoting);
    const book = await quoting.admin.createPriceBook({ priceBook: { name: 'Custom', currency: 'USD', partnerId: partner.id } });
    await quoting.admin.setPriceBookEntries({ id: book.id, entries: [{ productId: product.id, unitPrice: usd(70) }] });
    const quote = await givenPriced(partner, [{ productId: product.id, quantity: 2 }]);
    expect(quote.lines[0]).toMatchObject({ listAmount: usd(200), netAmount: usd(140) });
    const stranger = await givenPartner(quoting, { tier: 'PLATINUM', entitlements: { 'price.rule': 'custom' } });
    expect((await givenPriced(stranger, [{ productId: product.id }])).lines[0]).toMatchObject({ netAmount: usd(100) });
  });

  test('without a price in the currency it refuses and converts nothing', async () => {
    const partner = await givenPartner(quoting);
    const product = await givenProduct(quoting);
    const draft = await givenDraft(partner, [{ productId: product.id }], { currency: 'EUR' });
    expect(await refusal(partner.seller.priceQuote({ id: draft.id }))).toBe('FAILED_PRECONDITION NO_PRICE');
    expect(await rowOf(draft.id)).toEqual({ state: 'DRAFT', version: 1 });
  });

  test('a price valid from tomorrow does not count today, and the one that starts last counts', async () => {
    const partner = await givenPartner(quoting);
    const product = await givenProduct(quoting);
    const day = 86_400_000;
    for (const [offset, units] of [
      [-day, 90],
      [day, 10],
    ] as const) {
      const { id } = await quoting.admin.createPriceBook({
        priceBook: { name: `From ${offset}`, currency: 'USD', validFrom: new Date(quoting.clock.now.getTime() + offset) },
      });
      await quoting.admin.setPriceBookEntries({ id, entries: [{ productId: product.id, unitPrice: usd(units) }] });
    }
    expect((await givenPriced(partner, [{ productId: product.id }])).lines[0]).toMatchObject({ netAmount: usd(90) });
    expect((await quoting.admin.getProduct({ id: product.id })).listPrices).toEqual([usd(90)]);
  });

  test("under another partner's protection there is no discount, and the answer does not say why", async () => {
    const holder = await givenPartner(quoting);
    const partner = await givenPartner(quoting);
    const product = await givenProduct(quoting);
    const customerId = await givenCustomer(quoting, partner.id);
    await givenDeal(quoting, holder.id, { customerId });
    const draft = await givenDraft(partner, [{ productId: product.id, discountBasisPoints: 100 }], { customerId });
    const answer = await partner.seller.priceQuote({ id: draft.id }).catch((error: Error) => error);
    expect(answer).toMatchObject({ reason: 'DISCOUNT_NOT_POSSIBLE', message: expect.not.stringMatching(/protect|holder|Partner \d/) });
    const plain = await givenPriced(partner, [{ productId: product.id }], { customerId });
    expect(plain.lines[0]).toMatchObject({ netAmount: usd(100) });
  });

  test('the registration discount is for the holder, its family and its customer only', async () => {
    const partner = await givenPartner(quoting, { settings: { registrationDiscountPct: '5' } });
    const [inside, outside] = [await givenProduct(quoting), await givenProduct(quoting, { family: 'OTHER' })];
    const customerId = await givenCustomer(quoting, partner.id);
    await givenDeal(quoting, partner.id, { customerId });
    const lines = [{ productId: inside.id }, { productId: outside.id }];
    expect((await givenPriced(partner, lines, { customerId })).lines.map((line) => line.netAmount)).toEqual([usd(95), usd(100)]);
    expect(
      (await givenPriced(partner, lines, { customerId: await givenCustomer(quoting, partner.id) })).lines.map((line) => line.netAmount),
    ).toEqual([usd(100), usd(100)]);
  });

  test('an absurd amount is refused, not an inner error', async () => {
    const partner = await givenPartner(quoting);
    const product = await givenProduct(quoting, { listPrices: [usd(9_000_000_000_000_000)], unitCosts: [] });
    const draft = await givenDraft(partner, [{ productId: product.id, quantity: 1_000_000 }]);
    expect(await refusal(partner.seller.priceQuote({ id: draft.id }))).toBe('INVALID_ARGUMENT TOO_LARGE');
  });
});

describe('edit', () => {
  test('drops the amounts until the quote is priced again', async () => {
    const partner = await givenPartner(quoting);
    const product = await givenProduct(quoting);
    const priced = await givenPriced(partner, [{ productId: product.id }]);
    const line = priced.lines[0]!;
    const edited = await partner.seller.updateQuoteLine({ quoteId: priced.id, line: { id: line.id, quantity: 5 }, etag: priced.etag });
    expect(edited).toMatchObject({
      state: QuoteState.DRAFT,
      totals: undefined,
      lines: [{ id: line.id, quantity: 5, netAmount: undefined }],
    });
    expect((await partner.seller.priceQuote({ id: priced.id })).totals).toMatchObject({ netAmount: usd(500) });
    expect((await eventsOf(priced.id)).map((event) => event.type)).toEqual(['QuoteCreated', 'QuotePriced', 'QuoteEdited', 'QuotePriced']);
  });

  test('replaces lines and header by mask', async () => {
    const partner = await givenPartner(quoting);
    const [one, two] = [await givenProduct(quoting), await givenProduct(quoting)];
    const draft = await givenDraft(partner, [{ productId: one.id }, { productId: two.id }], { note: 'kept' });
    const edited = await partner.seller.updateQuote({
      quote: { id: draft.id, paymentTermsDays: 60, lines: [{ id: draft.lines[1]!.id, quantity: 2 }] },
      updateMask: ['payment_terms_days', 'lines'],
    });
    expect(edited).toMatchObject({
      paymentTermsDays: 60,
      note: 'kept',
      lineCount: 1,
      lines: [{ id: draft.lines[1]!.id, productId: two.id, quantity: 2 }],
    });
    expect(await run(quoting.service.database, 'select 1 from quote_lines where quote_id = $1', [draft.id])).toHaveLength(1);
  });

  test('a stale version is refused, and of two at once one wins', async () => {
    const partner = await givenPartner(quoting);
    const draft = await givenDraft(partner, []);
    const edit = (note: string) => partner.seller.updateQuote({ quote: { id: draft.id, note }, updateMask: ['note'], etag: '1' });
    const results = await Promise.all([refusal(edit('a')), refusal(edit('b')), refusal(edit('c'))]);
    expect(results.sort()).toEqual(['ABORTED STALE_VERSION', 'ABORTED STALE_VERSION', 'accepted']);
    expect(await rowOf(draft.id)).toMatchObject({ version: 2 });
    expect(await eventsOf(draft.id)).toHaveLength(2);
  });

  test('a submitted quote is not edited', async () => {
    const partner = await givenPartner(quoting);
    const quote = await givenSubmitted(partner, [{ productId: (await givenProduct(quoting)).id }]);
    expect(await refusal(partner.seller.updateQuote({ quote: { id: quote.id, note: 'x' }, updateMask: ['note'] }))).toBe(
      'FAILED_PRECONDITION ILLEGAL_MOVE',
    );
  });
});
