import { OrderState, RejectReason } from '@openprm/contracts/order';
import { Role } from '@openprm/contracts/partnerdirectory';
import { ImportOutcome } from '@openprm/contracts/type';
import { QuoteState } from '@openprm/contracts/quoting';
import { newId, recordStatements, run } from '@openprm/postgres';
import { givenCustomer, givenOrders, givenPartner, givenQuote, givenStaff, importItem, usd, type Orders } from './given';

let orders: Orders;
beforeAll(async () => {
  orders = await givenOrders();
});
afterAll(() => orders.stop());

test('an order of the past is recorded as delivered, with its dates, quote and owner', async () => {
  const [partnerId, customerId] = [await givenPartner(orders), await givenCustomer(orders)];
  const ownerEmail = await givenStaff(orders, partnerId, Role.PARTNER_ASSOCIATE);
  const [opportunityId, dealId] = [newId(), newId()];
  const quoteId = await givenQuote(orders, {
    partnerId,
    customerId,
    lines: [{ amount: 1_054 }],
    fields: { state: QuoteState.ORDERED, opportunityId, dealId },
  });
  const item = {
    ...importItem('1C1I7A6R', partnerId, customerId, 1_054),
    quoteId,
    ownerEmail: ownerEmail.toUpperCase(),
    orderTime: new Date('2017-03-01T00:00:00Z'),
  };
  const { results } = await orders.admin.importOrders({ items: [item] });
  expect(results).toMatchObject([{ externalId: '1C1I7A6R', outcome: ImportOutcome.CREATED, violations: [] }]);
  expect(await orders.admin.getOrder({ id: results[0]!.id })).toMatchObject({
    state: OrderState.FULFILLED,
    orderTime: new Date('2017-03-01T00:00:00Z'),
    fulfilTime: new Date('2017-03-01T00:00:00Z'),
    quoteId,
    opportunityId,
    dealId,
    ownerEmail,
    source: 'crm',
    externalId: '1C1I7A6R',
    total: usd(1_054),
    fulfilledTotal: usd(1_054),
  });
  const again = await orders.admin.importOrders({ items: [item] });
  expect(again.results).toMatchObject([{ outcome: ImportOutcome.UNCHANGED, id: results[0]!.id }]);
});

test('each item is answered on its own: what is refused names field and reason, what is fine is there', async () => {
  const [partnerId, customerId] = [await givenPartner(orders), await givenCustomer(orders)];
  const quoteId = await givenQuote(orders, { partnerId, customerId, lines: [{ amount: 10 }] });
  const good = importItem('good', partnerId, customerId, 10);
  const items = [
    good,
    { ...good, externalId: 'partner', partnerId: newId() },
    { ...good, externalId: 'customer', customerId: newId() },
    { ...good, externalId: 'quote', quoteId: newId() },
    { ...good, externalId: 'owner', ownerEmail: 'nobody@nowhere.example' },
    { ...good, externalId: 'total', quoteId, lines: [{ productName: 'GTX', quantity: 1n, amount: usd(11) }] },
    {
      ...good,
      externalId: 'currency',
      lines: [{ productName: 'GTX', quantity: 1n, amount: { currencyCode: 'EUR', units: 1n, nanos: 0 } }],
    },
    {
      ...good,
      externalId: 'fraction',
      lines: [{ productName: 'GTX', quantity: 1n, amount: { currencyCode: 'USD', units: 1n, nanos: 1 } }],
    },
    {
      ...good,
      externalId: 'negative',
      lines: [{ productName: 'GTX', quantity: 1n, amount: { currencyCode: 'USD', units: -1n, nanos: 0 } }],
    },
    { ...good, externalId: 'dates', orderTime: new Date('2020-01-02T00:00:00Z'), fulfilTime: new Date('2020-01-01T00:00:00Z') },
    good,
    { ...good, externalId: 'first of quote', quoteId },
    { ...good, externalId: 'second of quote', quoteId },
  ];
  const { results } = await orders.admin.importOrders({ items });
  expect(
    results.map((each) => [
      each.externalId,
      each.outcome.replace('IMPORT_OUTCOME_', ''),
      each.violations[0]?.field,
      each.violations[0]?.reason,
    ]),
  ).toEqual([
    ['good', 'CREATED', undefined, undefined],
    ['partner', 'REFUSED', 'partner_id', 'UNKNOWN_PARTNER'],
    ['customer', 'REFUSED', 'customer_id', 'UNKNOWN_CUSTOMER'],
    ['quote', 'REFUSED', 'quote_id', 'UNKNOWN_QUOTE'],
    ['owner', 'REFUSED', 'owner_email', 'UNKNOWN_OWNER'],
    ['total', 'REFUSED', '', 'TOTAL_DIFFERS'],
    ['currency', 'REFUSED', 'lines[0].amount', 'CURRENCY_DIFFERS'],
    ['fraction', 'REFUSED', 'lines[0].amount', 'FRACTION_OF_MINOR_UNIT'],
    ['negative', 'REFUSED', 'lines[0].amount', 'NEGATIVE_AMOUNT'],
    ['dates', 'REFUSED', '', 'INVALID_DATES'],
    ['good', 'UNCHANGED', undefined, undefined],
    ['first of quote', 'CREATED', undefined, undefined],
    ['second of quote', 'REFUSED', 'quote_id', 'QUOTE_ALREADY_ORDERED'],
  ]);
  const { orders: kept } = await orders.admin.listOrders({ partnerId });
  expect(kept.map((each) => each.externalId).sort()).toEqual(['first of quote', 'good']);
});

test('a dry run answers the same and writes nothing', async () => {
  const [partnerId, customerId] = [await givenPartner(orders), await givenCustomer(orders)];
  const items = [importItem('dry', partnerId, customerId, 10), importItem('dry refused', newId(), customerId, 10)];
  const { results } = await orders.admin.importOrders({ items, validateOnly: true });
  expect(results.map((each) => each.outcome)).toEqual([ImportOutcome.CREATED, ImportOutcome.REFUSED]);
  expect((await orders.admin.listOrders({ partnerId })).orders).toEqual([]);
});

test('an order that arrives late goes through the rules and is linked afterwards', async () => {
  const [partnerId, customerId] = [await givenPartner(orders), await givenCustomer(orders)];
  const { results } = await orders.desk.importOrders({
    items: [{ ...importItem('late', partnerId, customerId, 500), state: OrderState.SUBMITTED }],
  });
  const late = await orders.admin.getOrder({ id: results[0]!.id });
  expect(late).toMatchObject({
    state: OrderState.UNDER_REVIEW,
    opportunityId: '',
    reviewReasons: [{ rule: 'FIRST_ORDERS' }],
    moves: ['approve', 'reject', 'requestInfo', 'cancel', 'link'],
  });
  const quoteId = await givenQuote(orders, { partnerId, customerId, lines: [{ amount: 500 }], fields: { opportunityId: newId() } });
  const linked = await orders.admin.linkOrder({ id: late.id, quoteId });
  expect(linked).toMatchObject({ quoteId, state: OrderState.UNDER_REVIEW, opportunityId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  await expect(orders.admin.linkOrder({ id: late.id, opportunityId: newId() })).rejects.toMatchObject({ reason: 'ALREADY_LINKED' });
  await expect(orders.admin.linkOrder({ id: late.id })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  await expect(orders.admin.createOrder({ quoteId })).rejects.toMatchObject({ reason: 'QUOTE_ALREADY_ORDERED' });
  expect((await orders.admin.rejectOrder({ id: late.id, reason: RejectReason.OTHER })).state).toBe(OrderState.REJECTED);
});

test('500 orders take as many statements as one, and two runs at once record each once', async () => {
  const [partnerId, customerId] = [await givenPartner(orders), await givenCustomer(orders)];
  const batch = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, n) => importItem(`${prefix}:${n}`, partnerId, customerId, n + 1));
  await orders.admin.listOrders({ pageSize: 1 });
  const counted = async (work: () => Promise<unknown>) =>
    (await recordStatements(work)).filter((sql) => sql !== 'select 1' && !sql.includes('from access_memberships m left')).length;
  const one = await counted(() => orders.admin.importOrders({ items: batch('one', 1) }));
  expect(await counted(() => orders.admin.importOrders({ items: batch('many', 500) }))).toBe(one);
  const items = batch('race', 200);
  const runs = await Promise.all([orders.admin.importOrders({ items }), orders.admin.importOrders({ items })]);
  expect(runs.flatMap((run) => run.results.filter((each) => each.outcome === ImportOutcome.CREATED))).toHaveLength(200);
  const rows = await run<{ n: bigint }>(orders.service.database, `select count(*) as n from orders where external_id like 'race:%'`);
  expect(rows[0]!.n).toBe(200n);
});
