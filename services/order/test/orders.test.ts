import { OrderLineState, OrderState, RejectReason } from '@openprm/contracts/order';
import { EnrolmentState } from '@openprm/contracts/programsegment';
import { PartnerState, Role } from '@openprm/contracts/partnerdirectory';
import { QuoteState } from '@openprm/contracts/quoting';
import { brokenAuditChains, newId, run } from '@openprm/postgres';
import {
  changePartner,
  givenDeal,
  givenOrders,
  givenOrderUnderReview,
  givenPartner,
  givenPartnership,
  givenQuote,
  givenSeller,
  givenStaff,
  usd,
  type Orders,
} from './given';

let orders: Orders;
beforeAll(async () => {
  orders = await givenOrders();
});
afterAll(() => orders.stop());

const eventsOf = async (id: string) => (await orders.outbox()).filter((event) => event.key === id);
const countOrders = async () => Number((await run<{ n: bigint }>(orders.service.database, 'select count(*) as n from orders'))[0]!.n);

test('an order from an accepted quote that nobody needs to look at is in fulfilment at once, with each step in history and events', async () => {
  const { api, partnerId, customerId } = await givenSeller(orders);
  const quoteId = await givenQuote(orders, { partnerId, customerId, lines: [{ amount: 900 }, { amount: 100, quantity: 3 }] });
  const draft = await api.createOrder({ quoteId, purchaseOrderNumber: 'PO 7' });
  expect(draft).toMatchObject({
    state: OrderState.DRAFT,
    number: expect.stringMatching(/^OR-\d{6}$/),
    quoteId,
    total: usd(1_000),
    purchaseOrderNumber: 'PO 7',
    moves: ['update', 'submit'],
  });
  const order = await api.submitOrder({ id: draft.id, etag: draft.etag });
  expect(order).toMatchObject({ state: OrderState.IN_FULFILMENT, reviewReasons: [], moves: ['requestCancel'] });
  expect(order.lines.map((line) => [line.quantity, line.amount?.units, line.state])).toEqual([
    [1n, 900n, OrderLineState.PENDING],
    [3n, 100n, OrderLineState.PENDING],
  ]);
  const events = await eventsOf(draft.id);
  expect(
    events.map((event) => [
      event.type,
      (event.value['order'] as { state: string; etag: string }).state,
      (event.value['order'] as { etag: string }).etag,
    ]),
  ).toEqual([
    ['OrderCreated', 'ORDER_STATE_DRAFT', '1'],
    ['OrderSubmitted', 'ORDER_STATE_SUBMITTED', '2'],
    ['OrderApproved', 'ORDER_STATE_APPROVED', '3'],
    ['OrderFulfilmentStarted', 'ORDER_STATE_IN_FULFILMENT', '4'],
  ]);
  const { entries } = await api.getOrderHistory({ id: draft.id });
  expect(entries.map((entry) => [entry.move, entry.fromState, entry.toState, entry.side])).toEqual([
    ['create', '', 'DRAFT', 'PARTNER'],
    ['submit', 'DRAFT', 'SUBMITTED', 'PARTNER'],
    ['approveByRule', 'SUBMITTED', 'APPROVED', 'SYSTEM'],
    ['start', 'APPROVED', 'IN_FULFILMENT', 'SYSTEM'],
  ]);
  expect(await brokenAuditChains(orders.service.database)).toEqual([]);
});

test('an order is made and handed in with one request', async () => {
  const { api, partnerId, customerId } = await givenSeller(orders);
  const order = await api.createOrder({ quoteId: await givenQuote(orders, { partnerId, customerId }), submit: true });
  expect(order).toMatchObject({ state: OrderState.IN_FULFILMENT, etag: '4' });
});

test('fifty requests for one quote make one order', async () => {
  const { api, partnerId, customerId } = await givenSeller(orders);
  const quoteId = await givenQuote(orders, { partnerId, customerId });
  const results = await Promise.allSettled(Array.from({ length: 50 }, () => api.createOrder({ quoteId })));
  expect(results.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
  const reasons = results.flatMap((each) => (each.status === 'rejected' ? [(each.reason as { reason: string }).reason] : []));
  expect(new Set(reasons)).toEqual(new Set(['QUOTE_ALREADY_ORDERED']));
  expect((await api.listOrders({ quoteId })).orders).toHaveLength(1);
});

test('the same idempotency key answers with the first order; with another body it is refused', async () => {
  const { api, partnerId, customerId } = await givenSeller(orders);
  const quoteId = await givenQuote(orders, { partnerId, customerId });
  const first = await api.createOrder({ quoteId, requestId: `key:${quoteId}` });
  expect(await api.createOrder({ quoteId, requestId: `key:${quoteId}` })).toEqual(first);
  await expect(api.createOrder({ quoteId, note: 'other', requestId: `key:${quoteId}` })).rejects.toMatchObject({
    reason: 'IDEMPOTENCY_KEY_REUSED',
  });
});

test.each([QuoteState.APPROVED, QuoteState.PRESENTED, QuoteState.EXPIRED, QuoteState.DECLINED])(
  'a quote in %s cannot be ordered, and nothing is left behind',
  async (state) => {
    const { api, partnerId, customerId } = await givenSeller(orders);
    const quoteId = await givenQuote(orders, { partnerId, customerId, fields: { state } });
    const before = await countOrders();
    await expect(api.createOrder({ quoteId })).rejects.toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'QUOTE_NOT_ACCEPTED' });
    expect(await countOrders()).toBe(before);
  },
);

test("another partner's quote looks like none", async () => {
  const { partnerId, customerId } = await givenSeller(orders);
  const stranger = await givenSeller(orders);
  const quoteId = await givenQuote(orders, { partnerId, customerId });
  const refused = await stranger.api.createOrder({ quoteId }).catch((error: Error) => error);
  const absent = await stranger.api.createOrder({ quoteId: newId() }).catch((error: Error) => error);
  expect(refused).toEqual(absent);
});

test('a suspended partner only reads: it cannot order, nor hand in what it had drafted', async () => {
  const { api, partnerId, customerId } = await givenSeller(orders);
  const draft = await api.createOrder({ quoteId: await givenQuote(orders, { partnerId, customerId }) });
  await changePartner(orders, partnerId, PartnerState.SUSPENDED);
  for (const write of [
    () => api.submitOrder({ id: draft.id }),
    () => api.updateOrder({ order: { id: draft.id, note: 'x' }, updateMask: ['note'] }),
    () => givenQuote(orders, { partnerId, customerId }).then((quoteId) => api.createOrder({ quoteId })),
  ]) {
    await expect(write()).rejects.toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'PARTNER_NOT_ACTIVE' });
  }
  expect(await api.getOrder({ id: draft.id })).toMatchObject({ state: OrderState.DRAFT, moves: [] });
  await changePartner(orders, partnerId, PartnerState.ACTIVE, '4');
  expect((await api.submitOrder({ id: draft.id })).state).toBe(OrderState.IN_FULFILMENT);
});

test('a partner without an active enrolment cannot order', async () => {
  const { api, partnerId, customerId } = await givenSeller(orders);
  await givenPartnership(orders, partnerId, { state: EnrolmentState.SUSPENDED, version: 2n });
  await expect(api.createOrder({ quoteId: await givenQuote(orders, { partnerId, customerId }), submit: true })).rejects.toMatchObject({
    reason: 'ENROLMENT_NOT_ACTIVE',
  });
});

test('an equal order on the same day has to be confirmed', async () => {
  const { api, partnerId, customerId } = await givenSeller(orders);
  await api.createOrder({ quoteId: await givenQuote(orders, { partnerId, customerId }), submit: true });
  const again = await api.createOrder({ quoteId: await givenQuote(orders, { partnerId, customerId }) });
  await expect(api.submitOrder({ id: again.id })).rejects.toMatchObject({ reason: 'DUPLICATE_NEEDS_CONFIRMATION' });
  expect(await api.submitOrder({ id: again.id, confirmDuplicate: true })).toMatchObject({
    state: OrderState.IN_FULFILMENT,
    possibleDuplicate: true,
  });
});

test("a partner's first order waits for the desk: it reads the reasons, the partner a short text", async () => {
  const { api, order } = await givenOrderUnderReview(orders);
  expect(order).toMatchObject({
    state: OrderState.UNDER_REVIEW,
    reviewReasons: [],
    reviewDueTime: undefined,
    reviewNotice: expect.stringContaining('order desk'),
    moves: ['cancel'],
  });
  const seen = await orders.desk.getOrder({ id: order.id });
  expect(seen.reviewReasons.map((each) => each.rule)).toEqual(['FIRST_ORDERS']);
  expect(seen).toMatchObject({
    reviewDueTime: new Date('2026-03-03T10:00:00.000Z'),
    moves: ['approve', 'reject', 'requestInfo', 'cancel'],
  });
  const history = await api.getOrderHistory({ id: order.id });
  expect(history.entries.at(-1)).toMatchObject({ move: 'askForReview', reason: '' });
});

test('the desk approves into fulfilment, and of two decisions at once one wins', async () => {
  const { order } = await givenOrderUnderReview(orders);
  const decisions = await Promise.allSettled([
    orders.desk.approveOrder({ id: order.id, comment: 'fine', internalNote: 'called them' }),
    orders.admin.rejectOrder({ id: order.id, reason: RejectReason.CREDIT }),
  ]);
  expect(decisions.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
  const types = (await eventsOf(order.id)).map((event) => event.type);
  expect(types.filter((type) => type === 'OrderApproved' || type === 'OrderRejected')).toHaveLength(1);
});

test("names of the desk's people and internal notes stay inside", async () => {
  const { api, order } = await givenOrderUnderReview(orders);
  await orders.desk.approveOrder({ id: order.id, comment: 'fine', internalNote: 'secret' });
  const partnerSide = JSON.stringify(
    [await api.getOrder({ id: order.id }), await api.getOrderHistory({ id: order.id })],
    (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
  );
  expect(partnerSide).not.toMatch(/secret|desk@|FIRST_ORDERS/);
  expect(partnerSide).toContain('fine');
  const inside = await orders.executive.getOrderHistory({ id: order.id });
  expect(inside.entries.find((entry) => entry.move === 'approve')).toMatchObject({
    actorName: 'desk',
    internalNote: 'secret',
    comment: 'fine',
  });
});

test('whoever made an order never decides on it', async () => {
  const partnerId = await givenPartner(orders);
  const { customerId } = await givenSeller(orders);
  const order = await orders.desk.createOrder({ quoteId: await givenQuote(orders, { partnerId, customerId }), submit: true });
  expect(order.moves).toEqual(['cancel']);
  for (const decide of [
    () => orders.desk.approveOrder({ id: order.id }),
    () => orders.desk.rejectOrder({ id: order.id, reason: RejectReason.FRAUD }),
  ]) {
    await expect(decide()).rejects.toMatchObject({ code: 'PERMISSION_DENIED', reason: 'REVIEWER_IS_CREATOR' });
  }
  expect((await orders.admin.approveOrder({ id: order.id })).state).toBe(OrderState.IN_FULFILMENT);
});

test('question and answer, rejection, and one corrected copy', async () => {
  const { api, order } = await givenOrderUnderReview(orders);
  await orders.desk.requestOrderInfo({ id: order.id, comment: 'Which site?' });
  expect(await api.getOrder({ id: order.id })).toMatchObject({
    state: OrderState.INFO_REQUESTED,
    question: 'Which site?',
    moves: ['answer', 'cancel'],
  });
  expect(await api.answerOrder({ id: order.id, comment: 'North', shipTo: { country: 'US', city: 'Salem' } })).toMatchObject({
    state: OrderState.UNDER_REVIEW,
    shipTo: { city: 'Salem' },
  });
  expect(await orders.desk.rejectOrder({ id: order.id, reason: RejectReason.SHIP_TO, comment: 'not served' })).toMatchObject({
    state: OrderState.REJECTED,
  });
  const copies = await Promise.allSettled([api.correctOrder({ id: order.id }), api.correctOrder({ id: order.id })]);
  const made = copies.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  expect(made).toHaveLength(1);
  expect(made[0]).toMatchObject({
    state: OrderState.DRAFT,
    resubmissionOfId: order.id,
    quoteId: order.quoteId,
    rejectReason: RejectReason.UNSPECIFIED,
  });
  expect((await api.submitOrder({ id: made[0]!.id })).state).toBe(OrderState.UNDER_REVIEW);
});

test('delivery line by line, with a hold between', async () => {
  const { api, partnerId, customerId } = await givenSeller(orders);
  const order = await api.createOrder({
    quoteId: await givenQuote(orders, { partnerId, customerId, lines: [{ amount: 10 }, { amount: 20 }] }),
    submit: true,
  });
  const [first, second] = order.lines.map((line) => line.id);
  await orders.desk.startOrderLine({ id: order.id, lineId: first! });
  await orders.desk.holdOrder({ id: order.id, reason: 'stock' });
  await expect(orders.desk.fulfilOrderLine({ id: order.id, lineId: first! })).rejects.toMatchObject({ reason: 'ILLEGAL_MOVE' });
  await orders.desk.releaseOrder({ id: order.id, reason: 'arrived' });
  expect(await orders.desk.fulfilOrderLine({ id: order.id, lineId: first! })).toMatchObject({
    state: OrderState.PARTIALLY_FULFILLED,
    fulfilledTotal: usd(10),
  });
  await orders.desk.backorderOrderLine({ id: order.id, lineId: second!, expectedTime: new Date('2026-04-01T00:00:00Z') });
  const done = await orders.desk.fulfilOrderLine({ id: order.id, lineId: second! });
  expect(done).toMatchObject({
    state: OrderState.FULFILLED,
    fulfilledTotal: usd(30),
    total: usd(30),
    fulfilTime: orders.clock.now,
    moves: [],
  });
  expect((await eventsOf(order.id)).slice(4).map((event) => event.type)).toEqual([
    'OrderLineStarted',
    'OrderHeld',
    'OrderReleased',
    'OrderLineFulfilled',
    'OrderLineBackordered',
    'OrderLineFulfilled',
  ]);
});

test('a cancellation on the way is asked for, refused, asked for again and accepted', async () => {
  const { api, partnerId, customerId } = await givenSeller(orders);
  const order = await api.createOrder({
    quoteId: await givenQuote(orders, { partnerId, customerId, lines: [{ amount: 10 }, { amount: 20 }] }),
    submit: true,
  });
  await expect(api.cancelOrder({ id: order.id, reason: 'late' })).rejects.toMatchObject({
    reason: 'ILLEGAL_MOVE',
    details: { metadata: { moves: expect.stringContaining('requestCancel') } },
  });
  await api.requestOrderCancel({ id: order.id, reason: 'late' });
  expect(await orders.desk.refuseOrderCancel({ id: order.id, comment: 'on its way' })).toMatchObject({ state: OrderState.IN_FULFILMENT });
  await orders.desk.fulfilOrderLine({ id: order.id, lineId: order.lines[0]!.id });
  await api.requestOrderCancel({ id: order.id, reason: 'the rest' });
  const ended = await orders.desk.acceptOrderCancel({ id: order.id });
  expect(ended).toMatchObject({ state: OrderState.FULFILLED, total: usd(30), fulfilledTotal: usd(10) });
  expect(ended.lines.map((line) => line.state)).toEqual([OrderLineState.FULFILLED, OrderLineState.CANCELLED]);
});

test('a stale version and an unknown line are refused', async () => {
  const { api, partnerId, customerId } = await givenSeller(orders);
  const order = await api.createOrder({ quoteId: await givenQuote(orders, { partnerId, customerId }) });
  await api.updateOrder({ order: { id: order.id, note: 'a' }, updateMask: ['note'] });
  await expect(api.updateOrder({ order: { id: order.id, note: 'b' }, updateMask: ['note'], etag: order.etag })).rejects.toMatchObject({
    code: 'ABORTED',
    reason: 'STALE_VERSION',
  });
  await expect(api.updateOrder({ order: { id: order.id }, updateMask: ['number'] })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  const started = await api.submitOrder({ id: order.id });
  await expect(orders.desk.fulfilOrderLine({ id: started.id, lineId: newId() })).rejects.toMatchObject({ reason: 'UNKNOWN_LINE' });
});

test("the deal's owner is in charge of the order; a protection of somebody else sends it to the desk", async () => {
  const { api, partnerId, customerId, email } = await givenSeller(orders);
  const mate = await givenStaff(orders, partnerId, Role.PARTNER_ASSOCIATE);
  const [owner] = await run<{ person_id: string }>(orders.service.database, 'select person_id from access_memberships where email = $1', [
    mate,
  ]);
  const dealId = await givenDeal(orders, { partnerId, ownerPersonId: owner!.person_id });
  const order = await api.createOrder({ quoteId: await givenQuote(orders, { partnerId, customerId, fields: { dealId } }) });
  expect(order).toMatchObject({ dealId, ownerPersonId: owner!.person_id, ownerEmail: mate });
  const own = await api.createOrder({ quoteId: await givenQuote(orders, { partnerId, customerId, lines: [{ amount: 5 }] }) });
  expect(own.ownerEmail).toBe(email);
  await givenDeal(orders, {
    partnerId: newId(),
    customer: { customerId },
    protection: {
      state: 'PROTECTION_STATE_ACTIVE' as never,
      customerId,
      families: ['GTX'],
      country: 'US',
      endTime: new Date('2026-12-31T23:59:59Z'),
    },
  });
  await api.submitOrder({ id: order.id });
  expect((await orders.desk.getOrder({ id: order.id })).reviewReasons.map((each) => each.rule)).toEqual(['FOREIGN_PROTECTION']);
});
