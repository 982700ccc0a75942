// From the quote to the case for what was delivered.
import { eventually, expect } from './person.mjs';

const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString();

export async function quote(world) {
  const { first, second, deal, opportunity, products } = world;
  const lines = [
    { productId: products[0].id, quantity: 10, linePartnerId: first.id, discountBasisPoints: 1_200 },
    { productId: products[1].id, quantity: 10, linePartnerId: second.id },
  ];
  const body = {
    partnerId: first.id,
    dealId: deal.id,
    opportunityId: opportunity.id,
    customerId: world.customer.id,
    currency: 'EUR',
    validUntil: inDays(30),
    lines,
  };
  const draft = await eventually(() => first.manager.post('quotes', body));
  const priced = await eventually(() => first.manager.post(`quotes/${draft.id}:price`));
  expect(priced.state === 'QUOTE_STATE_PRICED', 'the quote is priced', priced.state);
  const seen = await eventually(() => second.manager.get(`quotes/${draft.id}`));
  const [foreign, own] = [
    seen.lines.find((line) => line.productId === products[0].id),
    seen.lines.find((line) => line.productId === products[1].id),
  ];
  expect(
    foreign.productName && !foreign.netAmount && !foreign.priceSteps?.length,
    'the other partner sees name and quantity of a foreign line, no price',
    foreign,
  );
  expect(Number(own.netAmount.units) > 0 && own.priceSteps.length > 0, 'and its own line in full', own);
  if (own.confirmation === 'LINE_CONFIRMATION_PENDING') await second.manager.post(`quotes/${draft.id}:confirmLines`);
  world.quote = priced;
}

export async function approveQuote(world) {
  const {
    first,
    desk,
    admin,
    quote: { id },
  } = world;
  const submitted = await eventually(() => first.manager.post(`quotes/${id}:submit`));
  expect(submitted.state === 'QUOTE_STATE_APPROVAL_NEEDED', 'the discount needs approval', submitted.state);
  const own = await first.manager.refused('POST', `quotes/${id}:approve`);
  expect([403, 404, 409].includes(own.status), 'nobody approves an own quote', own);
  for (let current = submitted; current.state !== 'QUOTE_STATE_APPROVED'; current = await admin.get(`quotes/${id}`)) {
    const approver = current.awaitingApprovalBy === 'APPROVAL_GROUP_DEAL_DESK' ? desk : admin;
    await approver.post(`quotes/${id}:approve`, { comment: 'Fine for this customer.' });
  }
}

export async function accept(world) {
  const {
    first,
    quote: { id },
  } = world;
  const accepted = await first.associate.post(`quotes/${id}:accept`, { proof: 'Signed order form of today' });
  expect(accepted.state === 'QUOTE_STATE_ACCEPTED', 'the quote is accepted', accepted.state);
}

export async function order(world) {
  const {
    first,
    orderDesk,
    quote: { id },
  } = world;
  const body = {
    quoteId: id,
    shipTo: { name: 'Isar Works', street: 'Ring 1', city: 'Munich', postalCode: '80331', country: 'DE' },
    purchaseOrderNumber: `PO-${world.run}`,
    submit: true,
  };
  const created = await eventually(() => first.associate.post('orders', body));
  expect(created.state === 'ORDER_STATE_UNDER_REVIEW', 'a first order is reviewed', created.state);
  expect(!created.reviewReasons?.length && created.reviewNotice, 'the partner reads a short text, not the reasons', created);
  const again = await first.associate.refused('POST', 'orders', body);
  expect(again.status === 409, 'a quote is ordered once', again);
  const approved = await orderDesk.post(`orders/${created.id}:approve`);
  expect(['ORDER_STATE_APPROVED', 'ORDER_STATE_IN_FULFILMENT'].includes(approved.state), 'the order desk approves', approved.state);
  world.order = await eventually(async () => {
    const current = await orderDesk.get(`orders/${created.id}`);
    expect(current.state === 'ORDER_STATE_IN_FULFILMENT', 'fulfilment starts by itself', current.state);
    return current;
  });
}

export async function fulfil(world) {
  const {
    orderDesk,
    first,
    quote: { id },
  } = world;
  const [one, ...others] = world.order.lines;
  const partly = await orderDesk.post(`orders/${world.order.id}:fulfilLine`, { lineId: one.id });
  expect(partly.state === 'ORDER_STATE_PARTIALLY_FULFILLED', 'the header follows its lines', partly.state);
  for (const line of others) await orderDesk.post(`orders/${world.order.id}:fulfilLine`, { lineId: line.id });
  const done = await first.associate.get(`orders/${world.order.id}`);
  expect(done.state === 'ORDER_STATE_FULFILLED', 'and ends with them', done.state);
  await eventually(async () => {
    const { state } = await first.manager.get(`quotes/${id}`);
    expect(state === 'QUOTE_STATE_ORDERED', 'the quote is ordered', state);
  });
}

export async function win(world) {
  const { first, opportunity } = world;
  const won = await eventually(() =>
    first.manager.post(`opportunities/${opportunity.id}:win`, {
      reason: 'CLOSE_REASON_PRODUCT_MIX',
      closeDate: new Date().toISOString().slice(0, 10),
    }),
  );
  expect(won.stage === 'OPPORTUNITY_STAGE_CLOSED_WON' || won.stage?.endsWith('CLOSED_WON'), 'the opportunity is won', won.stage);
}

export async function serve(world) {
  const { first, customer, order } = world;
  const body = {
    partnerId: first.id,
    onBehalfOf: 'ON_BEHALF_OF_END_CUSTOMER',
    customerId: customer.id,
    orderId: order.id,
    subject: 'One switch does not start',
    description: 'Fan is silent.',
    category: 'TECHNICAL',
    priority: 'PRIORITY_P2',
  };
  const opened = await eventually(() => first.associate.post('cases', body));
  expect(opened.number?.startsWith('CS-'), 'the case has a number', opened.number);
  const holder = opened.moves.includes('accept') ? first.associate : world.admin;
  if ((await holder.get(`cases/${opened.id}`)).moves.includes('accept')) await holder.post(`cases/${opened.id}:accept`);
  const resolved = await holder.post(`cases/${opened.id}:resolve`, { resolutionCode: 'SOLVED', resolutionText: 'Replaced on site.' });
  expect(resolved.state === 'CASE_STATE_RESOLVED', 'the case is resolved', resolved.state);
  world.case = resolved;
}

export async function stranger(world) {
  const { third } = world;
  for (const [collection, key] of [
    ['deals', 'deal'],
    ['opportunities', 'opportunity'],
    ['quotes', 'quote'],
    ['orders', 'order'],
    ['cases', 'case'],
    ['customers', 'customer'],
  ]) {
    const refusal = await third.manager.refused('GET', `${collection}/${world[key].id}`);
    expect(refusal.status === 404, `a stranger's ${collection} are not to be found`, refusal);
    const page = await third.manager.get(collection);
    expect(page[collection].length === 0, `a stranger lists no ${collection}`, page[collection].length);
  }
  const view = await third.manager.refused('GET', `partners/${world.first.id}:view360`);
  expect(view.status === 404, 'nor the Partner 360', view);
}
