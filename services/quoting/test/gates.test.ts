import { brokenAuditChains, newId, recordStatements, run } from '@openprm/postgres';
import { planOf } from '@openprm/testing';
import {
  givenCustomer,
  givenDeal,
  givenDraft,
  givenPartner,
  givenProduct,
  givenQuoting,
  givenSubmitted,
  nextNumber,
  usd,
  type Partner,
  type Quoting,
} from './given';

let quoting: Quoting;
let partner: Partner;
let productId: string;
beforeAll(async () => {
  quoting = await givenQuoting();
  partner = await givenPartner(quoting);
  productId = (await givenProduct(quoting)).id;
});
afterAll(() => quoting.stop());

/** Statements of some work, grants already known. */
async function counted<T>(work: () => Promise<T>): Promise<number> {
  await partner.seller.listProductFamilies({});
  return (await recordStatements(work)).filter((sql) => sql !== 'select 1' && !sql.includes('from access_memberships')).length;
}

const lines = (count: number, fields: object = {}) => Array.from({ length: count }, () => ({ productId, quantity: 2, ...fields }));

test('statements besides BEGIN and COMMIT: create at most 3, detail at most 3, list 1, approve at most 5', async () => {
  const customerId = await givenCustomer(quoting, partner.id);
  const dealId = await givenDeal(quoting, partner.id, { customerId });
  expect(await counted(() => partner.seller.createQuote({ quote: { dealId, lines: lines(3) }, requestId: 'counted' }))).toBeLessThanOrEqual(
    3,
  );
  const { id } = await givenSubmitted(partner, lines(3, { discountBasisPoints: 800 }));
  expect(await counted(() => partner.seller.getQuote({ id }))).toBeLessThanOrEqual(3);
  expect(await counted(() => partner.seller.listQuotes({}))).toBe(1);
  expect(await counted(() => quoting.desk.listQuotes({}))).toBe(1);
  expect(await counted(() => partner.seller.listProducts({}))).toBe(1);
  await quoting.manager.listProductFamilies({});
  expect(await counted(() => quoting.manager.approveQuote({ id }))).toBeLessThanOrEqual(5);
});

test('a quote takes as many statements with 500 lines as with one', async () => {
  const life = async (count: number) => {
    let id = '';
    const create = await counted(async () => (id = (await givenDraft(partner, lines(count))).id));
    const price = await counted(() => partner.seller.priceQuote({ id }));
    const read = await counted(() => partner.seller.getQuote({ id }));
    const submit = await counted(() => partner.seller.submitQuote({ id }));
    const revise = await counted(() => partner.seller.reviseQuote({ id }));
    return { create, price, read, submit, revise };
  };
  const one = await life(1);
  expect(one).toEqual({ create: 2, price: 3, read: 1, submit: 3, revise: 3 });
  expect(await life(20)).toEqual(one);
  expect(await life(500)).toEqual(one);
});

test('an import takes as many statements for 500 quotes as for one', async () => {
  const batch = (count: number) =>
    Array.from({ length: count }, () => ({
      externalId: `past:${nextNumber()}`,
      partnerId: partner.id,
      productId,
      agreedValue: usd(90),
      createTime: new Date('2017-01-05T00:00:00Z'),
    }));
  const one = await counted(() => quoting.admin.importQuotes({ items: batch(1) }));
  expect(await counted(() => quoting.admin.importQuotes({ items: batch(500) }))).toBe(one);
  const products = (count: number) =>
    Array.from({ length: count }, () => ({
      externalId: `p:${nextNumber()}`,
      product: { sku: `p:${nextNumber()}`, name: 'P', family: 'GTX', listPrices: [usd(1)] },
    }));
  const first = await counted(() => quoting.admin.importProducts({ items: products(1) }));
  expect(await counted(() => quoting.admin.importProducts({ items: products(500) }))).toBe(first);
});

test('pages follow each other without a gap or a repeat, for the enterprise and for a partner', async () => {
  for (const who of [quoting.admin, partner.seller]) {
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await who.listQuotes({ pageSize: 100, pageToken });
      seen.push(...page.quotes.map((quote) => quote.id));
      pageToken = page.nextPageToken;
    } while (pageToken);
    const rows = await run<{ id: string }>(quoting.service.database, 'select id from quotes');
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe(rows.length);
  }
  await expect(quoting.admin.listQuotes({ pageToken: 'nonsense' })).rejects.toMatchObject({
    details: { violations: [{ field: 'page_token' }] },
  });
});

test('lists and summaries of 20,000 rows are read by index, for everybody and for one partner', async () => {
  const { database } = quoting.service;
  await run(
    database,
    `insert into products select gen_random_uuid(), 1, 'S' || n, 'P' || n, '', 'F' || n % 50, 'STANDARD', 'ACTIVE', false, '[]', null, now() - n * interval '1 minute', now() from generate_series(1, 20000) n`,
  );
  await run(
    database,
    `insert into price_books select gen_random_uuid(), 1, 'B' || n, 'USD', gen_random_uuid(), now(), null, now() - n * interval '1 minute', now() from generate_series(1, 20000) n`,
  );
  await run(
    database,
    `with made as (
       insert into quotes (id, version, number, revision, state, partner_id, deal_id, opportunity_id, customer_id, customer_name, currency, valid_until, payment_terms_days, special_terms, note,
         line_count, line_partner_ids, awaiting_group, state_reason, state_comment, acceptance_proof, created_at, updated_at)
       select gen_random_uuid(), 1, 'N' || n, 1, case when n % 3 = 0 then 'APPROVED' else 'ORDERED' end, case when n % 100 = 0 then $1::uuid else gen_random_uuid() end, gen_random_uuid(), gen_random_uuid(),
         gen_random_uuid(), '', 'USD', now() + n * interval '1 hour', 30, '', '', 0, '{}', case when n % 500 = 0 then 'PRICING_BOARD' end, '', '', '', now() - n * interval '1 minute', now()
       from generate_series(1, 20000) n returning id, partner_id, state, created_at)
     insert into quote_parties select gen_random_uuid(), id, partner_id, true, true, true, state, 'USD', 100, 90, 40, created_at from made`,
    [partner.id],
  );
  await database.query('analyze');
  const calls = {
    all: () => quoting.admin.listQuotes({}),
    ofDeal: () => quoting.admin.listQuotes({ dealId: newId() }),
    ofOpportunity: () => quoting.admin.listQuotes({ opportunityId: newId() }),
    ofCustomer: () => quoting.admin.listQuotes({ customerId: newId() }),
    byNumber: () => quoting.admin.listQuotes({ number: 'N1' }),
    waiting: () => quoting.desk.listQuotes({ awaitingApprovalBy: 'APPROVAL_GROUP_PRICING_BOARD' as never }),
    board: () => quoting.board.listQuotes({}),
    own: () => partner.seller.listQuotes({}),
    below: () => partner.seller.listQuotes({ partnerId: partner.id, includeDescendants: true }),
    manager: () => quoting.manager.listQuotes({}),
    summary: () => partner.seller.summarizeQuotes({ partnerId: partner.id, includeDescendants: true }),
    products: () => partner.seller.listProducts({}),
    family: () => quoting.admin.listProducts({ family: 'F1' }),
    books: () => quoting.admin.listPriceBooks({}),
  };
  for (const [name, call] of Object.entries(calls)) {
    const plans = (await planOf(database, call)).join('\n');
    expect(
      `${name}: ${/Seq Scan on (quotes|quote_parties|quote_lines|products|price_books|audit_log)\b.*/.exec(plans)?.[0] ?? 'index'}`,
    ).toBe(`${name}: index`);
  }
});

test('every command has one audit row, chained and append-only', async () => {
  const { database } = quoting.service;
  expect(await brokenAuditChains(database)).toEqual([]);
  const { id } = await givenSubmitted(partner, lines(1));
  const rows = await run<{ version: number; entry: { move: string; actor: { role: string } } }>(
    database,
    'select version, entry from audit_log where aggregate_id = $1 order by version',
    [id],
  );
  expect(rows.map((row) => [row.version, row.entry.move, row.entry.actor.role])).toEqual([
    [1, 'create', 'PARTNER_MANAGER'],
    [2, 'price', 'PARTNER_MANAGER'],
    [3, 'submit', 'PARTNER_MANAGER'],
  ]);
  const events = (await quoting.outbox()).filter((event) => event.key === id);
  expect(events.map((event) => (event.value['quote'] as { etag: string }).etag)).toEqual(['1', '2', '3']);
});

test('stored sums equal the lines, in minor units', async () => {
  await givenDraft(partner, lines(7, { discountBasisPoints: 333 })).then(({ id }) => partner.seller.priceQuote({ id }));
  const wrong = await run(
    quoting.service.database,
    `select p.quote_id from quote_parties p join lateral (select sum(l.net_amount) as net from quote_lines l where l.quote_id = p.quote_id and l.line_partner_id = p.partner_id) s on true
     where p.net_amount is not null and exists (select 1 from quote_lines l where l.quote_id = p.quote_id) and p.net_amount <> s.net`,
  );
  expect(wrong).toEqual([]);
});
