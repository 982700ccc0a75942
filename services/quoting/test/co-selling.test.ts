import * as deals from '@openprm/contracts/dealregistration';
import * as directory from '@openprm/contracts/partnerdirectory';
import { ApprovalGroup, LineConfirmation, QuoteState, type Quote } from '@openprm/contracts/quoting';
import { newId } from '@openprm/postgres';
import {
  givenCustomer,
  givenDraft,
  givenOrganisation,
  givenPartner,
  givenPriced,
  givenProduct,
  givenQuoting,
  givenStaff,
  refusal,
  usd,
  type Api,
  type Partner,
  type Quoting,
} from './given';

let quoting: Quoting;
let owner: Partner;
let other: Partner;
let related: Partner;
let listed: Partner;
let stranger: Partner;
let quote: Quote;

const authorised = () => ({
  partnerId: related.id,
  role: deals.RelatedPartnerRole.INFLUENCING,
  access: deals.RelatedPartnerAccess.AUTHORISED,
});

/** An opportunity of the owner with one authorised and one listed partner. */
async function givenOpportunity(
  partnerId: string,
  customerId: string,
  etag = '1',
  id = newId(),
  relatedPartners: object[] = [authorised(), { ...authorised(), partnerId: listed.id, access: deals.RelatedPartnerAccess.LISTED }],
): Promise<string> {
  const opportunity = deals.Opportunity.fromPartial({
    id,
    number: 'OP-000001',
    partnerId,
    customer: { customerId, name: 'Acme' },
    amount: usd(500),
    etag,
    relatedPartners,
    createTime: quoting.clock.now,
  });
  await quoting.deliver(deals.OpportunityCreated, { opportunity });
  return id;
}

beforeAll(async () => {
  quoting = await givenQuoting();
  [owner, other, related, listed, stranger] = [
    await givenPartner(quoting),
    await givenPartner(quoting),
    await givenPartner(quoting),
    await givenPartner(quoting),
    await givenPartner(quoting),
  ];
  const customerId = await givenCustomer(quoting, owner.id);
  const opportunityId = await givenOpportunity(owner.id, customerId);
  const [one, two] = [await givenProduct(quoting, { name: 'Switch' }), await givenProduct(quoting, { name: 'Care' })];
  quote = await givenPriced(
    owner,
    [
      { productId: one.id, quantity: 2 },
      { productId: two.id, quantity: 3, linePartnerId: other.id },
    ],
    { opportunityId },
  );
});
afterAll(() => quoting.stop());

const seen = async (who: Api) =>
  (await who.getQuote({ id: quote.id })).lines.map((line) => [
    line.productName,
    line.quantity,
    line.linePartnerName,
    line.netAmount?.units,
    line.costAmount?.units,
    line.priceSteps.length,
  ]);

test('the owner sees its own line in full and of the other product, quantity and partner', async () => {
  expect(await seen(owner.seller)).toEqual([
    ['Switch', 2, owner.name, 200n, undefined, 1],
    ['Care', 3, other.name, undefined, undefined, 0],
  ]);
});

test('a line partner sees its own line in full and of the other product and quantity', async () => {
  expect(await seen(other.seller)).toEqual([
    ['Switch', 2, '', undefined, undefined, 0],
    ['Care', 3, other.name, 300n, undefined, 1],
  ]);
});

test('an authorised related partner sees product and quantity, a listed one and a stranger nothing at all', async () => {
  expect(await seen(related.seller)).toEqual([
    ['Switch', 2, '', undefined, undefined, 0],
    ['Care', 3, '', undefined, undefined, 0],
  ]);
  for (const who of [listed.seller, listed.owner, stranger.seller, stranger.associate]) {
    const absent = await who.getQuote({ id: newId() }).catch((error: Error) => error.message);
    expect(await who.getQuote({ id: quote.id }).catch((error: Error) => error.message)).toBe(absent);
    expect((await who.listQuotes({})).quotes).toEqual([]);
    expect(await refusal(who.getQuoteHistory({ id: quote.id }))).toBe('NOT_FOUND NOT_FOUND');
    expect(await refusal(who.summarizeQuotes({ partnerId: owner.id }))).toBe('NOT_FOUND NOT_FOUND');
  }
});

test('the enterprise sees everything with costs: admin, executive, desk and the relationship manager', async () => {
  for (const who of [quoting.admin, quoting.executive, quoting.desk, quoting.manager]) {
    expect(await seen(who)).toEqual([
      ['Switch', 2, owner.name, 200n, 80n, 1],
      ['Care', 3, other.name, 300n, 120n, 1],
    ]);
  }
});

test('a relationship manager of other partners, an order desk and an approver without a step see nothing', async () => {
  await givenStaff(quoting, quoting.enterpriseId, directory.Role.RELATIONSHIP_MANAGER, 'elsewhere@enterprise.example');
  await givenStaff(quoting, quoting.enterpriseId, directory.Role.ORDER_DESK, 'orders@enterprise.example');
  for (const who of [quoting.by('elsewhere@enterprise.example'), quoting.by('orders@enterprise.example'), quoting.board])
    expect(await refusal(who.getQuote({ id: quote.id }))).toBe('NOT_FOUND NOT_FOUND');
});

test('sums are told as far as no hidden price follows from them, in the detail and in lists', async () => {
  const sums = (each: Quote) => [
    each.totals?.netAmount?.units,
    each.partnerTotals.map((part) => [part.partnerId, part.totals!.netAmount!.units, part.totals!.costAmount?.units]),
  ];
  for (const read of [
    (who: Api) => who.getQuote({ id: quote.id }),
    async (who: Api) => (await who.listQuotes({})).quotes.find((each) => each.id === quote.id)!,
  ]) {
    expect(sums(await read(owner.seller))).toEqual([undefined, [[owner.id, 200n, undefined]]]);
    expect(sums(await read(other.seller))).toEqual([undefined, [[other.id, 300n, undefined]]]);
    expect(sums(await read(related.seller))).toEqual([undefined, []]);
    const [whole, parts] = sums(await read(quoting.desk));
    expect(whole).toBe(500n);
    expect(new Set(parts as unknown[])).toEqual(
      new Set([
        [owner.id, 200n, 80n],
        [other.id, 300n, 120n],
      ]),
    );
  }
});

test('nothing in what a partner reads contains a foreign price, whatever the way', async () => {
  const ways = [
    await other.seller.getQuote({ id: quote.id }),
    await other.seller.listQuotes({}),
    await other.seller.getQuoteHistory({ id: quote.id }),
    await other.seller.summarizeQuotes({ partnerId: other.id }),
  ];
  const text = JSON.stringify(ways, (_key, value: unknown) => (typeof value === 'bigint' ? `#${value}` : value));
  expect(text).toContain('#300');
  expect(text).not.toMatch(/#200|#500|#80\b|#120\b/);
});

test('a parent sees what lies below it, an associate only its own organisation', async () => {
  const parentId = newId();
  await givenOrganisation(quoting, { id: parentId, name: 'Parent' });
  await givenStaff(quoting, parentId, directory.Role.PARTNER_MANAGER, 'head@parent.example');
  await givenStaff(quoting, parentId, directory.Role.PARTNER_ASSOCIATE, 'rep@parent.example');
  const child = await givenPartner(quoting, {}, { parentId });
  const draft = await givenDraft(child, []);
  expect(await quoting.by('head@parent.example').getQuote({ id: draft.id })).toMatchObject({
    id: draft.id,
    moves: expect.arrayContaining(['edit']),
  });
  expect(await refusal(quoting.by('rep@parent.example').getQuote({ id: draft.id }))).toBe('NOT_FOUND NOT_FOUND');
  const summary = await quoting.by('head@parent.example').summarizeQuotes({ partnerId: parentId, includeDescendants: true });
  expect(summary.counts).toEqual([{ state: QuoteState.DRAFT, count: 1n }]);
  expect((await quoting.by('head@parent.example').summarizeQuotes({ partnerId: parentId })).counts).toEqual([]);
});

test("a partner's admin reads and sells nothing", async () => {
  expect(await seen(owner.owner)).toHaveLength(2);
  expect(await refusal(owner.owner.createQuote({ quote: { currency: 'USD' } }))).toBe('PERMISSION_DENIED ROLE_NOT_ALLOWED');
  expect((await owner.owner.getQuote({ id: quote.id })).moves).toEqual([]);
});

test('whoever sees a quote does not thereby change it', async () => {
  for (const who of [other.seller, related.seller]) {
    for (const attempt of [
      who.priceQuote({ id: quote.id }),
      who.submitQuote({ id: quote.id }),
      who.cancelQuote({ id: quote.id }),
      who.reviseQuote({ id: quote.id }),
      who.updateQuote({ quote: { id: quote.id, note: 'x' }, updateMask: ['note'] }),
    ]) {
      expect(await refusal(attempt)).toBe('PERMISSION_DENIED ROLE_NOT_ALLOWED');
    }
  }
  for (const attempt of [stranger.seller.submitQuote({ id: quote.id }), listed.seller.cancelQuote({ id: quote.id })])
    expect(await refusal(attempt)).toBe('NOT_FOUND NOT_FOUND');
  expect(await refusal(quoting.executive.cancelQuote({ id: quote.id }))).toBe('PERMISSION_DENIED ROLE_NOT_ALLOWED');
});

test('an associate, a manager and a program without membership: only members come in', async () => {
  expect(await refusal(quoting.by('nobody@example.com').listQuotes({}))).toBe('PERMISSION_DENIED ROLE_NOT_ALLOWED');
});

describe('lines of another partner', () => {
  const given = async (fields: object = {}) => {
    const first = await givenPartner(quoting, fields);
    const second = await givenPartner(quoting);
    const product = await givenProduct(quoting);
    const draft = await givenDraft(first, [{ productId: product.id }, { productId: product.id, linePartnerId: second.id }]);
    return { first, second, product, draft, own: draft.lines[0]!, foreign: draft.lines[1]! };
  };

  test('the owner gives no discount on them, their partner does and agrees by doing so', async () => {
    const { first, second, draft, foreign, own } = await given();
    const discount = (who: Partner, id: string) =>
      who.seller.updateQuoteLine({ quoteId: draft.id, line: { id, discountBasisPoints: 300 } });
    expect(await refusal(discount(first, foreign.id))).toBe('PERMISSION_DENIED NOT_YOUR_LINE');
    expect(await refusal(discount(second, own.id))).toBe('PERMISSION_DENIED NOT_YOUR_LINE');
    const answer = await discount(second, foreign.id);
    expect(answer.lines[1]).toMatchObject({ discountBasisPoints: 300, confirmation: LineConfirmation.CONFIRMED });
    expect((await first.seller.getQuote({ id: draft.id })).lines[1]).toMatchObject({
      discountBasisPoints: 0,
      confirmation: LineConfirmation.CONFIRMED,
    });
    expect((await first.seller.priceQuote({ id: draft.id })).lines[1]!.netAmount).toBeUndefined();
    expect((await second.seller.getQuote({ id: draft.id })).lines[1]!.netAmount).toEqual(usd(97));
  });

  test('are confirmed before submit where the program asks for it, and a refused one stops the quote', async () => {
    const { first, second, draft } = await given({ settings: { lineConfirmation: true } });
    await first.seller.priceQuote({ id: draft.id });
    expect(await refusal(first.seller.submitQuote({ id: draft.id }))).toBe('FAILED_PRECONDITION LINES_NOT_CONFIRMED');
    expect(await refusal(first.seller.confirmQuoteLines({ id: draft.id }))).toBe('PERMISSION_DENIED NOT_YOUR_LINE');
    expect(await refusal(stranger.seller.confirmQuoteLines({ id: draft.id }))).toBe('NOT_FOUND NOT_FOUND');
    expect((await second.seller.getQuote({ id: draft.id })).moves).toEqual(['confirmLines', 'refuseLines', 'shareLine']);
    await second.seller.refuseQuoteLines({ id: draft.id, comment: 'No capacity' });
    expect(await refusal(first.seller.submitQuote({ id: draft.id }))).toBe('FAILED_PRECONDITION LINES_REFUSED');
    await second.seller.confirmQuoteLines({ id: draft.id });
    expect(await first.seller.submitQuote({ id: draft.id })).toMatchObject({
      state: QuoteState.APPROVAL_NEEDED,
      awaitingApprovalBy: ApprovalGroup.DEAL_DESK,
    });
  });

  test('show their price to the others once their partner shares them, and no longer when it takes it back', async () => {
    const { first, second, draft, foreign } = await given();
    await first.seller.priceQuote({ id: draft.id });
    expect(await refusal(first.seller.shareQuoteLine({ id: draft.id, lineId: foreign.id, shared: true }))).toBe(
      'PERMISSION_DENIED NOT_YOUR_LINE',
    );
    await second.seller.shareQuoteLine({ id: draft.id, lineId: foreign.id, shared: true });
    expect(await first.seller.getQuote({ id: draft.id })).toMatchObject({
      totals: { netAmount: usd(200) },
      lines: [{}, { netAmount: usd(100), costAmount: undefined }],
    });
    expect((await first.seller.listQuotes({})).quotes[0]).toMatchObject({ totals: { netAmount: usd(200) } });
    await second.seller.shareQuoteLine({ id: draft.id, lineId: foreign.id, shared: false });
    expect((await first.seller.getQuote({ id: draft.id })).totals).toBeUndefined();
  });

  test('a suspended line partner stops the submit', async () => {
    const { first, second, draft } = await given();
    await first.seller.priceQuote({ id: draft.id });
    await givenOrganisation(quoting, { id: second.id, name: second.name, state: directory.PartnerState.SUSPENDED, etag: '2' });
    expect(await refusal(first.seller.submitQuote({ id: draft.id }))).toBe('FAILED_PRECONDITION PARTNER_NOT_ACTIVE');
  });

  test('a partner that is taken off the quote no longer sees it', async () => {
    const { first, second, draft, own } = await given();
    expect((await second.seller.listQuotes({})).quotes).toHaveLength(1);
    await first.seller.updateQuote({ quote: { id: draft.id, lines: [{ id: own.id }] }, updateMask: ['lines'] });
    expect((await second.seller.listQuotes({})).quotes).toHaveLength(0);
    expect(await refusal(second.seller.getQuote({ id: draft.id }))).toBe('NOT_FOUND NOT_FOUND');
  });
});
