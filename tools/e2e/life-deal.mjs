// From the registration of a deal to its opportunity.
import { eventually, expect, Refused } from './person.mjs';
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

export async function register(world) {
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

export async function claimAgain(world) {
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

export async function approve(world) {
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
        .catch(passOver);
    }
  }
}

export async function race(world) {
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
  await inLanes(8, deals, (deal) => ready(desk, deal.id));
  const outcomes = await Promise.allSettled(deals.map((deal) => desk.post(`deals/${deal.id}:approve`)));
  const states = await Promise.all(deals.map((deal) => desk.get(`deals/${deal.id}`)));
  const active = states.filter((deal) => deal.protection?.state?.endsWith('_ACTIVE'));
  const why = outcomes
    .filter((each) => each.status === 'rejected')
    .slice(0, 2)
    .map((each) => each.reason.message);
  expect(active.length === 1, `one of ${deals.length} claims is protected`, { active: active.length, why });
}

export async function convert(world) {
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

/** A match that somebody decided meanwhile is no longer to decide; a platform that is gone is another matter. */
function passOver(error) {
  if (!(error instanceof Refused)) throw error;
}

/** Fifty claims see each other: more than a thousand decisions, which nobody has to take one after the other. */
async function inLanes(lanes, items, work) {
  const waiting = [...items];
  const lane = async () => {
    for (let item = waiting.shift(); item; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
