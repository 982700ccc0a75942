import { OrderState } from '@openprm/contracts/order';
import { Role } from '@openprm/contracts/partnerdirectory';
import { recordStatements, run } from '@openprm/postgres';
import { planOf } from '@openprm/testing';
import { givenOrders, givenOrderUnderReview, givenPartner, givenQuote, givenSeller, givenStaff, usd, type Orders } from './given';

let orders: Orders;
beforeAll(async () => {
  orders = await givenOrders();
});
afterAll(() => orders.stop());

/** Statements of one call besides BEGIN and COMMIT. */
async function counted(work: () => Promise<unknown>): Promise<number> {
  return (await recordStatements(work)).filter((sql) => sql !== 'select 1' && !sql.includes('from access_memberships m left')).length;
}

test('statements: create at most 3 with 1 line as with 100, list 1, detail at most 3, approve at most 5', async () => {
  const { api, partnerId, customerId } = await givenSeller(orders);
  const lines = (count: number) => Array.from({ length: count }, (_, n) => ({ amount: n + 1 }));
  for (const count of [1, 100]) {
    const quoteId = await givenQuote(orders, { partnerId, customerId, lines: lines(count) });
    expect(await counted(() => api.createOrder({ quoteId, submit: true, requestId: `gate:${count}` }))).toBeLessThanOrEqual(3);
  }
  const { order } = await givenOrderUnderReview(orders);
  expect(await counted(() => orders.desk.approveOrder({ id: order.id, requestId: 'gate' }))).toBeLessThanOrEqual(5);
  expect(await counted(() => orders.desk.listOrders({}))).toBe(1);
  expect(await counted(() => api.listOrders({ states: [OrderState.IN_FULFILMENT] }))).toBe(1);
  expect(await counted(() => api.getOrder({ id: order.id }).catch(() => null))).toBeLessThanOrEqual(3);
});

test('lists and key figures of 20,000 orders are read by index, whoever asks', async () => {
  const { partnerId, customerId, email } = await givenSeller(orders);
  const manager = await givenStaff(orders, partnerId, Role.PARTNER_MANAGER);
  const { database } = orders.service;
  const insert = (from: number) =>
    run(
      database,
      `with made as (
       insert into orders select gen_random_uuid(), 'X-' || n, 1, case when n % 100 = 0 then $1::uuid else gen_random_uuid() end, 'P', 'FULFILLED', null, null, null, null,
         case when n % 500 = 0 then $2::uuid else gen_random_uuid() end, 'C', 'USD', 100, '{}', '', '', null, '', '', 'x', 'x', '[]', null, '', null, '', '', null, 'bulk', n::text, false, false, '', null,
         now(), now(), null, now(), null, now() - n * interval '1 minute', now() from generate_series($3::int, $3::int + 1999) n returning id, partner_id, created_at),
     lines as (insert into order_lines select gen_random_uuid(), id, 1, null, 'GTX', null, 1, partner_id, 'P', 100, false, 'FULFILLED', null, now() from made)
     insert into order_partners select gen_random_uuid(), id, partner_id, created_at from made`,
      [partnerId, customerId, from],
    );
  // In parts, because statements end after five seconds also on a busy machine.
  for (let from = 1; from <= 20_000; from += 2_000) await insert(from);
  await database.query('analyze');
  const calls = [
    () => orders.admin.listOrders({}),
    () => orders.admin.listOrders({ states: [OrderState.UNDER_REVIEW] }),
    () => orders.admin.listOrders({ customerId }),
    () => orders.admin.listOrders({ partnerId }),
    () => orders.admin.listOrders({ partnerId, includeDescendants: true }),
    () => orders.admin.summarizeOrders({ partnerId }),
    () => orders.by(manager).listOrders({}),
    () => orders.by(email).listOrders({ states: [OrderState.FULFILLED] }),
    () =>
      orders
        .by(email)
        .getOrder({ id: partnerId })
        .catch(() => null),
  ];
  for (const call of calls)
    expect((await planOf(database, call)).join('\n')).not.toMatch(/Seq Scan on (orders|order_lines|order_partners)\b/);
});

test('key figures count what a partner takes part in and add up what it sells', async () => {
  const top = await givenPartner(orders);
  const seller = await givenSeller(orders, Role.PARTNER_ASSOCIATE, { parentId: top });
  const other = await givenPartner(orders);
  const manager = orders.by(await givenStaff(orders, top, Role.PARTNER_MANAGER));
  const { api, partnerId, customerId } = seller;
  const lines = [{ amount: 700 }, { amount: 50, partnerId: other }];
  const open = await api.createOrder({ quoteId: await givenQuote(orders, { partnerId, customerId, lines }), submit: true });
  await api.createOrder({ quoteId: await givenQuote(orders, { partnerId, customerId, lines: [{ amount: 9 }] }) });
  const summary = await manager.summarizeOrders({ partnerId: top, includeDescendants: true });
  expect(summary).toMatchObject({
    orderCount: 5n,
    states: [
      { state: OrderState.DRAFT, count: 1n },
      { state: OrderState.FULFILLED, count: 3n },
      { state: OrderState.IN_FULFILMENT, count: 1n },
    ],
    sums: [{ currencyCode: 'USD', fulfilled: usd(3_000), open: usd(700), orderCount: 5n }],
    months: [{ month: '2025-03', fulfilled: usd(3_000), orderCount: 3n }],
  });
  expect(summary.recent).toHaveLength(5);
  expect(summary.recentActivity).toHaveLength(8);
  expect(summary.recentActivity[0]).toMatchObject({ partnerId, customerName: expect.any(String) });
  const mine = await orders.admin.summarizeOrders({ partnerId, ownerPersonId: open.ownerPersonId });
  expect(mine).toMatchObject({ orderCount: 2n, sums: [{ open: usd(700) }] });
  expect(await orders.admin.summarizeOrders({ partnerId: top })).toMatchObject({ orderCount: 0n, sums: [], recent: [] });
  const stranger = orders.by(await givenStaff(orders, other, Role.PARTNER_MANAGER));
  await expect(stranger.summarizeOrders({ partnerId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('copies keep the newest version whatever the order in which events arrive', async () => {
  const { database } = orders.service;
  const { api, partnerId, customerId } = await givenSeller(orders);
  const quoteId = await givenQuote(orders, { partnerId, customerId });
  await givenQuote(orders, { partnerId, customerId, fields: { id: quoteId, state: 'QUOTE_STATE_DRAFT' as never, etag: '4' } });
  const rows = await run<{ state: string; version: bigint }>(database, 'select state, version from ref_quotes where id = $1', [quoteId]);
  expect(rows).toEqual([{ state: 'ACCEPTED', version: 5n }]);
  expect((await api.createOrder({ quoteId })).state).toBe(OrderState.DRAFT);
});
