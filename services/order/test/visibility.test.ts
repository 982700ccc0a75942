import { OrderState, type Order } from '@openprm/contracts/order';
import { Role } from '@openprm/contracts/partnerdirectory';
import { newId, run } from '@openprm/postgres';
import { givenOrders, givenPartner, givenQuote, givenSeller, givenStaff, usd, type Orders, type Seller } from './given';

let orders: Orders;
let top: string;
let seller: Seller;
let cosell: Seller;
let order: Order;

beforeAll(async () => {
  orders = await givenOrders();
  top = await givenPartner(orders);
  seller = await givenSeller(orders, Role.PARTNER_ASSOCIATE, { parentId: top });
  cosell = await givenSeller(orders);
  const { partnerId, customerId } = seller;
  const lines = [{ amount: 700 }, { amount: 300, partnerId: cosell.partnerId, quantity: 4 }];
  order = await seller.api.createOrder({ quoteId: await givenQuote(orders, { partnerId, customerId, lines }), submit: true });
});
afterAll(() => orders.stop());

test('each partner of an order reads its own amounts and of the other lines product and quantity', async () => {
  const mine = await seller.api.getOrder({ id: order.id });
  expect(mine.lines.map((line) => [line.productName, line.quantity, line.amount?.units])).toEqual([
    ['GTX Pro', 1n, 700n],
    ['GTX Pro', 4n, undefined],
  ]);
  expect(mine).toMatchObject({
    total: undefined,
    fulfilledTotal: undefined,
    partnerTotals: [{ partnerId: seller.partnerId, total: usd(700) }],
  });
  const theirs = await cosell.api.getOrder({ id: order.id });
  expect(theirs.lines.map((line) => line.amount?.units)).toEqual([undefined, 300n]);
  expect(theirs).toMatchObject({ total: undefined, partnerTotals: [{ partnerId: cosell.partnerId, total: usd(300) }], moves: [] });
});

test('a line whose partner shares it is read by the others too', async () => {
  const { partnerId, customerId, api } = seller;
  const lines = [{ amount: 70 }, { amount: 30, partnerId: cosell.partnerId, shared: true }];
  const { id } = await api.createOrder({ quoteId: await givenQuote(orders, { partnerId, customerId, lines }) });
  const mine = await api.getOrder({ id });
  expect(mine.lines.map((line) => line.amount?.units)).toEqual([70n, 30n]);
  expect(mine).toMatchObject({ total: usd(100), partnerTotals: [{ total: usd(70) }, { total: usd(30) }] });
  const theirs = await cosell.api.getOrder({ id });
  expect(theirs.lines.map((line) => line.amount?.units)).toEqual([undefined, 30n]);
  expect(theirs).toMatchObject({ total: undefined, partnerTotals: [{ partnerId: cosell.partnerId, total: usd(30) }] });
});

test('the enterprise reads the whole and each partner', async () => {
  const whole = await orders.executive.getOrder({ id: order.id });
  expect(whole).toMatchObject({ total: usd(1_000), moves: [] });
  expect(whole.partnerTotals.map((each) => each.total)).toEqual([usd(700), usd(300)]);
});

test('who reaches what: persona by relation', async () => {
  const people = {
    colleague: await givenStaff(orders, seller.partnerId, Role.PARTNER_ASSOCIATE),
    'admin of the partner': await givenStaff(orders, seller.partnerId, Role.PARTNER_ADMIN),
    'manager above': await givenStaff(orders, top, Role.PARTNER_MANAGER),
    'admin above': await givenStaff(orders, top, Role.PARTNER_ADMIN),
    'associate above': await givenStaff(orders, top, Role.PARTNER_ASSOCIATE),
    stranger: await givenStaff(orders, await givenPartner(orders), Role.PARTNER_MANAGER),
    'deal desk': await givenStaff(orders, await internal(), Role.DEAL_DESK, 'deals@enterprise.example'),
    'support agent': await givenStaff(orders, await internal(), Role.SUPPORT_AGENT, 'support@enterprise.example'),
    'relationship manager of others': await givenStaff(orders, await internal(), Role.RELATIONSHIP_MANAGER, 'rm@enterprise.example'),
  };
  const seen = await Promise.all(Object.entries(people).map(async ([who, email]) => [who, await reaches(email)]));
  expect(Object.fromEntries(seen)).toEqual({
    colleague: 'reads, listed',
    'admin of the partner': 'reads, listed',
    'manager above': 'reads, listed',
    'admin above': 'reads, listed',
    'associate above': 'NOT_FOUND',
    stranger: 'NOT_FOUND',
    'deal desk': 'NOT_FOUND',
    'support agent': 'NOT_FOUND',
    'relationship manager of others': 'NOT_FOUND',
  });
});

const internal = async () =>
  (await run<{ id: string }>(orders.service.database, `select id from access_partners where kind = 'INTERNAL'`))[0]!.id;

async function reaches(email: string): Promise<string> {
  const api = orders.by(email);
  const listed = (await api.listOrders({ pageSize: 100 })).orders.some((each) => each.id === order.id);
  const got = await api.getOrder({ id: order.id }).then(
    () => 'reads',
    (error: { code: string }) => error.code,
  );
  const history = await api.getOrderHistory({ id: order.id }).then(
    () => 'reads',
    (error: { code: string }) => error.code,
  );
  expect(history).toBe(got);
  return listed ? `${got}, listed` : got;
}

test('forbidden and absent look the same', async () => {
  const stranger = orders.by(await givenStaff(orders, await givenPartner(orders), Role.PARTNER_MANAGER));
  for (const ask of [
    (id: string) => stranger.getOrder({ id }),
    (id: string) => stranger.getOrderHistory({ id }),
    (id: string) => stranger.submitOrder({ id }),
    (id: string) => stranger.requestOrderCancel({ id, reason: 'x' }),
    (id: string) => stranger.updateOrder({ order: { id, note: 'x' }, updateMask: ['note'] }),
  ]) {
    const [forbidden, absent] = [await ask(order.id).catch((error: Error) => error), await ask(newId()).catch((error: Error) => error)];
    expect(forbidden).toMatchObject({ code: 'NOT_FOUND' });
    expect(forbidden).toEqual(absent);
  }
});

test('roles that only read cannot write, and sellers cannot do what is the desk’s', async () => {
  const admin = orders.by(await givenStaff(orders, seller.partnerId, Role.PARTNER_ADMIN));
  const { id } = order;
  for (const write of [
    () => admin.requestOrderCancel({ id, reason: 'x' }),
    () => admin.createOrder({ quoteId: newId() }),
    () => orders.executive.approveOrder({ id }),
    () => orders.executive.cancelOrder({ id, reason: 'x' }),
    () => seller.api.approveOrder({ id }),
    () => seller.api.holdOrder({ id, reason: 'x' }),
    () => seller.api.fulfilOrderLine({ id, lineId: newId() }),
    () => seller.api.importOrders({ items: [] }),
    () => seller.api.linkOrder({ id, dealId: newId() }),
    () => orders.desk.answerOrder({ id, comment: 'x' }),
    () => orders.by('nobody@nowhere.example').listOrders({}),
  ]) {
    await expect(write()).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  }
});

test('a partner with a line in somebody’s order reads it but cannot move it', async () => {
  await expect(cosell.api.requestOrderCancel({ id: order.id, reason: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('lists filter, leave lines out and never repeat an order with several partners in reach', async () => {
  const roof = await givenPartner(orders);
  const one = await givenSeller(orders, Role.PARTNER_ASSOCIATE, { parentId: roof });
  const two = await givenPartner(orders, { parentId: roof });
  const manager = orders.by(await givenStaff(orders, roof, Role.PARTNER_MANAGER));
  const lines = [{ amount: 1 }, { amount: 2, partnerId: two }];
  const shared = await one.api.createOrder({
    quoteId: await givenQuote(orders, { partnerId: one.partnerId, customerId: one.customerId, lines }),
  });
  const { orders: list } = await manager.listOrders({});
  expect(list.filter((each) => each.id === shared.id)).toHaveLength(1);
  expect(list).toHaveLength(4);
  expect(list[0]).toMatchObject({ id: shared.id, lines: [], total: usd(3) });
  const ids = async (filter: Parameters<typeof manager.listOrders>[0]) => (await manager.listOrders(filter)).orders.map((each) => each.id);
  expect(await ids({ partnerId: two })).toEqual([shared.id]);
  expect(await ids({ partnerId: roof })).toEqual([]);
  expect(await ids({ partnerId: roof, includeDescendants: true, states: [OrderState.DRAFT] })).toEqual([shared.id]);
  expect(await ids({ partnerId: seller.partnerId })).toEqual([]);
  expect(await ids({ number: shared.number, customerId: one.customerId, quoteId: shared.quoteId })).toEqual([shared.id]);
  const all: string[] = [];
  for (let pageToken = ''; ;) {
    const page = await manager.listOrders({ pageSize: 1, pageToken });
    all.push(...page.orders.map((each) => each.id));
    if (!page.nextPageToken) break;
    pageToken = page.nextPageToken;
  }
  expect(all).toEqual(list.map((each) => each.id));
});

test('a membership taken away takes the orders along', async () => {
  const email = await givenStaff(orders, seller.partnerId, Role.PARTNER_ASSOCIATE);
  expect(await reaches(email)).toBe('reads, listed');
  await run(orders.service.database, `update access_memberships set state = 'DEACTIVATED' where email = $1`, [email]);
  orders.service.callers.forget();
  await expect(orders.by(email).getOrder({ id: order.id })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
});
