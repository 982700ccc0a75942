// The life of one deal, step by step. Each step is played by whoever would do it and says which service it leans on most.
import { eventually, expect } from './person.mjs';
import { makeClaimants } from './world.mjs';

const euro = (units) => ({ currencyCode: 'EUR', units: String(units) });
const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString();
const evidence = ['DECISION_MAKER', 'NEED', 'BUDGET', 'TIMELINE'].map((kind) => ({
  kind: `EVIDENCE_KIND_${kind}`,
  text: 'Talked through with the customer.',
}));

export const claim = (world, partnerId, customer, amount) => ({
  partnerId,
  customer,
  title: `Network ${world.run}`,
  type: 'RESALE',
  programId: world.program.id,
  amount: euro(amount),
  expectedCloseDate: inDays(60).slice(0, 10),
  evidence,
  lines: [
    {
      productId: world.products[0].id,
      productName: world.products[0].name,
      productFamily: world.products[0].family,
      quantity: 10,
      amount: euro(amount),
    },
  ],
});

/** @type {{ name: string, service: string, play: (world: any) => Promise<void>, shows?: (view: any, world: any) => boolean }[]} */
export const steps = [
  {
    name: 'an associate registers a deal',
    service: 'deal-registration',
    play: register,
    shows: (view) => count(view.deals.summary, 'SUBMITTED') === 1,
  },
  { name: 'a second partner claims the same customer and learns only what it may', service: 'partner-directory', play: claimAgain },
  {
    name: 'the desk approves the first claim and cannot approve the second',
    service: 'deal-registration',
    play: approve,
    shows: (view) => count(view.deals.summary, 'APPROVED') === 1,
  },
  { name: 'fifty claims on one customer leave one protection', service: 'deal-registration', play: race },
  {
    name: 'the deal becomes an opportunity, once',
    service: 'deal-registration',
    play: convert,
    shows: (view) => view.opportunities.summary.recent.length === 1,
  },
  {
    name: 'a quote with lines of two partners is priced',
    service: 'quoting',
    play: quote,
    shows: (view) => count(view.quotes.summary, 'PRICED') === 1,
  },
  {
    name: 'its discount is approved by those who may',
    service: 'quoting',
    play: approveQuote,
    shows: (view) => count(view.quotes.summary, 'APPROVED') === 1,
  },
  { name: 'the customer accepts', service: 'quoting', play: accept, shows: (view) => count(view.quotes.summary, 'ACCEPTED') === 1 },
  {
    name: 'the order waits for review and is approved by the order desk',
    service: 'order',
    play: order,
    shows: (view) => count(view.orders.summary, 'IN_FULFILMENT') === 1,
  },
  {
    name: 'the order is fulfilled line by line',
    service: 'order',
    play: fulfil,
    shows: (view) => count(view.orders.summary, 'FULFILLED') === 1,
  },
  {
    name: 'the opportunity is won',
    service: 'deal-registration',
    play: win,
    shows: (view) => view.keyFigures.currencies.some(({ wonRevenue }) => Number(wonRevenue?.units) > 0),
  },
  {
    name: 'a case for the end customer is opened and resolved',
    service: 'case',
    play: serve,
    shows: (view) => count(view.cases.summary, 'RESOLVED') === 1,
  },
  { name: 'a stranger sees none of it', service: 'gateway', play: stranger },
];

/** A summary counts by state; the field's name is the resource's. */
function count(summary, state) {
  const counts = Object.entries(summary ?? {}).find(([name, value]) => /counts|states/i.test(name) && Array.isArray(value))?.[1] ?? [];
  const found = counts.find(
    (entry) => String(entry.state).endsWith(`_${state}`) && (state !== 'FULFILLED' || !String(entry.state).includes('PARTIALLY')),
  );
  return Number(found?.count ?? 0);
}

async function register(world) {
  const { first, run } = world;
  world.customer = await first.associate.post('customers', {
    name: `Isar Works ${run} GmbH`,
    country: 'DE',
    city: 'Munich',
    website: `https://isar-${run}.com`,
    taxId: `DE${run}`,
  });
  const body = claim(world, first.id, { customerId: world.customer.id }, 12_000);
  const draft = await eventually(() => first.associate.post('deals', body));
  const submitted = await eventually(() => first.associate.post(`deals/${draft.id}:submit`));
  expect(['DEAL_STATE_SUBMITTED', 'DEAL_STATE_IN_REVIEW'].includes(submitted.state), 'the deal is submitted', submitted.state);
  world.deal = submitted;
}

async function claimAgain(world) {
  const { second, run, deal, first } = world;
  const mine = await second.associate.post('customers', {
    name: `ISAR Works ${run}`,
    country: 'DE',
    website: `http://www.isar-${run}.com/kontakt`,
  });
  const draft = await eventually(() => second.associate.post('deals', claim(world, second.id, { customerId: mine.id }, 9_000)));
  const submitted = await eventually(() => second.associate.post(`deals/${draft.id}:submit`));
  const text = JSON.stringify(submitted);
  for (const secret of [first.id, first.name, deal.id, deal.number, '12000'])
    expect(!text.includes(secret), `the second partner is not told ${secret}`, submitted);
  const refusal = await second.associate.refused('GET', `deals/${deal.id}`);
  const missing = await second.associate.refused('GET', `deals/${world.program.id}`);
  expect(refusal.status === 404 && refusal.detail === missing.detail, 'a foreign deal looks like none', refusal);
  world.rival = submitted;
}

async function approve(world) {
  const { desk, deal, rival, first } = world;
  await ready(desk, deal.id);
  const approved = await eventually(() => desk.post(`deals/${deal.id}:approve`));
  expect(
    approved.state === 'DEAL_STATE_APPROVED' && approved.protection?.state?.endsWith('_ACTIVE'),
    'the deal is approved and protected',
    approved,
  );
  const seen = await first.associate.get(`deals/${deal.id}`);
  expect(
    seen.protection?.state?.endsWith('_ACTIVE') && !seen.approverName && !seen.reviewerName,
    'the partner sees the protection, not who approved',
    seen,
  );
  await ready(desk, rival.id);
  const refusal = await desk.refused('POST', `deals/${rival.id}:approve`);
  expect(refusal.status === 409, 'the second claim cannot be approved', refusal);
}

/** Takes a submitted deal and decides what its conflict check asks to be decided. */
export async function ready(desk, id) {
  let deal = await desk.get(`deals/${id}`);
  if (deal.moves.includes('take')) deal = await desk.post(`deals/${id}:take`);
  for (const match of deal.conflict?.matches ?? []) {
    if (deal.moves.includes('decideConflict') && /REVIEW/.test(match.verdict ?? '') && match.dealId) {
      await desk
        .post(`deals/${id}:decideConflict`, {
          matchDealId: match.dealId,
          decision: 'CONFLICT_DECISION_PROCEED',
          reason: 'Earlier claim goes first.',
        })
        .catch(() => {});
    }
  }
}

async function race(world) {
  const { admin, desk, run } = world;
  const partners = await makeClaimants(world);
  const customer = {
    name: `Lech Logistics ${run} AG`,
    country: 'DE',
    city: 'Augsburg',
    website: `https://lech-${run}.com`,
    taxId: `DE9${run}`,
  };
  const deals = [];
  for (const partnerId of partners) {
    const draft = await eventually(() => admin.post('deals', claim(world, partnerId, customer, 5_000)));
    deals.push(await eventually(() => admin.post(`deals/${draft.id}:submit`)));
  }
  for (const deal of deals) await ready(desk, deal.id);
  const outcomes = await Promise.allSettled(deals.map((deal) => desk.post(`deals/${deal.id}:approve`)));
  const states = await Promise.all(deals.map((deal) => desk.get(`deals/${deal.id}`)));
  const active = states.filter((deal) => deal.protection?.state?.endsWith('_ACTIVE'));
  const why = outcomes
    .filter((each) => each.status === 'rejected')
    .slice(0, 2)
    .map((each) => each.reason.message);
  expect(active.length === 1, `one of ${deals.length} claims is protected`, { active: active.length, why });
}

async function convert(world) {
  const { first, deal } = world;
  const twice = await Promise.allSettled([first.manager.post(`deals/${deal.id}:convert`), first.manager.post(`deals/${deal.id}:convert`)]);
  expect(
    twice.some((each) => each.status === 'fulfilled'),
    'a manager converts the deal',
    twice.map((each) => each.reason?.message),
  );
  const converted = await first.manager.get(`deals/${deal.id}`);
  const { opportunities } = await first.manager.get(`opportunities?partnerId=${first.id}`);
  expect(
    opportunities.length === 1 && opportunities[0].id === converted.opportunityId,
    'there is exactly one opportunity',
    opportunities.length,
  );
  world.opportunity = opportunities[0];
}

async function quote(world) {
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

async function approveQuote(world) {
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

async function accept(world) {
  const {
    first,
    quote: { id },
  } = world;
  const accepted = await first.associate.post(`quotes/${id}:accept`, { proof: 'Signed order form of today' });
  expect(accepted.state === 'QUOTE_STATE_ACCEPTED', 'the quote is accepted', accepted.state);
}

async function order(world) {
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

async function fulfil(world) {
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

async function win(world) {
  const { first, opportunity } = world;
  const won = await eventually(() =>
    first.manager.post(`opportunities/${opportunity.id}:win`, {
      reason: 'CLOSE_REASON_PRODUCT_MIX',
      closeDate: new Date().toISOString().slice(0, 10),
    }),
  );
  expect(won.stage === 'OPPORTUNITY_STAGE_CLOSED_WON' || won.stage?.endsWith('CLOSED_WON'), 'the opportunity is won', won.stage);
}

async function serve(world) {
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

async function stranger(world) {
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

/** Milliseconds until Partner 360 shows what the step did. */
export async function shownAfter(step, world) {
  if (!step.shows) return undefined;
  const started = Date.now();
  await eventually(async () => {
    const view = await world.executive.get(`partners/${world.first.id}:view360`);
    expect(
      step.shows(view, world),
      `Partner 360 shows that ${step.name}`,
      Object.fromEntries(Object.entries(view).map(([name, section]) => [name, section?.status?.state ?? section])),
    );
  });
  return Date.now() - started;
}
