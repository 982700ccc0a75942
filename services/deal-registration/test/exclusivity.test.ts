import {
  ConflictDecision,
  ConflictMatchKind,
  ConflictVerdict,
  DealState,
  ProtectionState,
  type Deal,
} from '@openprm/contracts/dealregistration';
import * as programs from '@openprm/contracts/programsegment';
import { run } from '@openprm/postgres';
import { runDueTimers, wakeQueued } from '../src/usecases/run-timers';
import {
  activeScopes,
  content,
  givenApproved,
  givenDeals,
  givenInReview,
  givenPartner,
  givenSubmitted,
  someCustomer,
  traceOf,
  usd,
  type Deals,
  type Partner,
} from './given';

// Fifty claims are made one after the other per partner; on a busy machine that takes its time.
jest.setTimeout(120_000);

let deals: Deals;
let partners: Partner[];
beforeAll(async () => {
  deals = await givenDeals();
  partners = [];
  for (let n = 0; n < 10; n++) partners.push(await givenPartner(deals, {}, { entitlements: { 'deal.maxOpenUnproven': '1000' } }));
});
afterAll(() => deals.stop());
beforeEach(() => {
  deals.clock.now = new Date('2026-03-02T10:00:00.000Z');
});

/** Fifty claims of ten partners on one customer, all reviewed and with every match decided, so that only the guards are left. */
async function givenFiftyClaims(): Promise<Deal[]> {
  const customer = someCustomer();
  const claims = (await Promise.all(partners.map((partner) => fiveOf(partner, customer)))).flat();
  await run(
    deals.service.database,
    `update deals set conflict = jsonb_set(conflict, '{matches}', (select coalesce(jsonb_agg(m || '{"decision":"PROCEED","decidedBy":"x"}'), '[]') from jsonb_array_elements(conflict->'matches') m)) where id = any($1::uuid[])`,
    [claims.map((claim) => claim.id)],
  );
  return claims;
}

async function fiveOf(partner: Partner, customer: ReturnType<typeof someCustomer>): Promise<Deal[]> {
  const claims: Deal[] = [];
  for (let n = 0; n < 5; n++) claims.push(await givenInReview(deals, partner, { customer }));
  return claims;
}

async function race(claims: Deal[]): Promise<{ won: number; refused: string[] }> {
  const outcomes = await Promise.allSettled(claims.map((claim) => approveUntilAnswered(claim.id)));
  return {
    won: outcomes.filter((outcome) => outcome.status === 'fulfilled').length,
    refused: [
      ...new Set(outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [(outcome.reason as { reason: string }).reason] : []))),
    ].sort(),
  };
}

/** A lock that was waited for too long says: repeat. */
async function approveUntilAnswered(id: string): Promise<Deal> {
  for (;;) {
    try {
      return await deals.desk.approveDeal({ id });
    } catch (error) {
      if (!['CONTENTION', 'UNAVAILABLE'].includes((error as { reason: string }).reason)) throw error;
    }
  }
}

const holders = async (): Promise<number> => Math.max(0, ...(await activeScopes(deals)).map((each) => each.holders));

test('of fifty approvals at once exactly one gets the protection, and the others leave nothing behind', async () => {
  const claims = await givenFiftyClaims();
  const { won, refused } = await race(claims);
  expect(won).toBe(1);
  // A winner of one's own house is a duplicate, which somebody has to decide about.
  expect(refused.filter((reason) => reason !== 'CONFLICT_UNDECIDED')).toEqual(['CUSTOMER_PROTECTED']);
  const states = await run<{ state: string; n: number }>(
    deals.service.database,
    'select state, count(*)::int as n from deals where id = any($1::uuid[]) group by 1 order by 1',
    [claims.map((claim) => claim.id)],
  );
  expect(states).toEqual([
    { state: 'APPROVED', n: 1 },
    { state: 'IN_REVIEW', n: 49 },
  ]);
  expect(await holders()).toBe(1);
});

describe('each guard alone keeps the promise, and without both it breaks', () => {
  const originalLock = async (): Promise<string> =>
    (await run<{ sql: string }>(deals.service.database, `select pg_get_functiondef('lock_customers'::regproc) as sql`))[0]!.sql;
  const withoutLock = (): Promise<unknown> =>
    run(
      deals.service.database,
      `create or replace function lock_customers(keys text[]) returns void language plpgsql as 'begin perform pg_sleep(0.005); end'`,
    );
  const withoutIndex = (): Promise<unknown> => run(deals.service.database, 'drop index customer_claims_exclusive');

  let lock: string;
  beforeAll(async () => {
    lock = await originalLock();
  });
  afterEach(async () => {
    await run(deals.service.database, `update customer_claims set active = false`);
    await run(deals.service.database, lock);
    await run(
      deals.service.database,
      'create unique index if not exists customer_claims_exclusive on customer_claims (customer_key, family, country) where active',
    );
  });

  test('the index alone', async () => {
    const claims = await givenFiftyClaims();
    await withoutLock();
    expect((await race(claims)).won).toBe(1);
    expect(await holders()).toBe(1);
  });

  test('the lock with the second look alone', async () => {
    const claims = await givenFiftyClaims();
    await withoutIndex();
    expect((await race(claims)).won).toBe(1);
    expect(await holders()).toBe(1);
  });

  test('neither: several partners hold the same customer', async () => {
    const claims = await givenFiftyClaims();
    await withoutLock();
    await withoutIndex();
    expect((await race(claims)).won).toBeGreaterThan(1);
    expect(await holders()).toBeGreaterThan(1);
  });
});

test('a protection of everything sold to a customer leaves no room for one of a single family, in whatever order', async () => {
  const whole = await givenPartner(deals, {}, { settings: { protectionScope: programs.ProtectionScope.CUSTOMER } });
  const [first, second] = [someCustomer(), someCustomer()];
  expect((await givenApproved(deals, whole, { customer: first })).protection).toMatchObject({ families: ['*'], country: 'ALL' });
  const narrow = await givenInReview(deals, partners[0]!, { customer: first });
  await expect(deals.desk.approveDeal({ id: narrow.id })).rejects.toMatchObject({ reason: 'CUSTOMER_PROTECTED' });
  await givenApproved(deals, partners[0]!, { customer: second });
  const wide = await givenInReview(deals, whole, { customer: second });
  await expect(deals.desk.approveDeal({ id: wide.id })).rejects.toMatchObject({ reason: 'CUSTOMER_PROTECTED' });
});

test.each(['EXISTS', 'EXISTS_UNTIL', 'NOTHING'] as const)(
  'with %s a second partner is told just that, and the desk everything',
  async (disclosure) => {
    const [holder, second] = [partners[1]!, await givenPartner(deals, {}, { settings: { disclosure: programs.Disclosure[disclosure] } })];
    const customer = someCustomer();
    const held = await givenApproved(deals, holder, {
      customer,
      amount: usd(9_876),
      lines: [{ productFamily: 'Networking', quantity: 1 }],
    });
    const deal = await givenSubmitted(second, { customer: { ...customer, taxId: '', website: customer.website } });
    const told = {
      EXISTS: 'Another claim exists for this customer.',
      EXISTS_UNTIL: 'This customer cannot be protected before 2026-05-01.',
      NOTHING: '',
    }[disclosure];
    expect(deal).toMatchObject({ state: DealState.SUBMITTED, conflictNotice: told, conflict: undefined, queued: false });
    const everything = JSON.stringify(
      [deal, await second.manager.getDealHistory({ id: deal.id }), await second.associate.listDeals({})],
      (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
    );
    for (const secret of [holder.name, holder.id, held.number, held.id, '9876']) expect(everything).not.toContain(secret);
    const seen = await deals.desk.getDeal({ id: deal.id });
    expect(seen).toMatchObject({ queued: true, conflict: { verdict: ConflictVerdict.BLOCK, algorithm: 'exact-1' } });
    expect(seen.conflict!.matches).toMatchObject([
      {
        dealId: held.id,
        partnerName: holder.name,
        kind: ConflictMatchKind.FOREIGN_DEAL,
        verdict: ConflictVerdict.BLOCK,
        score: 0.95,
        findings: [{ rule: 'WEB_DOMAIN', text: 'The web domains are equal.' }, { rule: 'PRODUCT_FAMILY' }, { rule: 'PROTECTION' }],
      },
    ]);
  },
);

test('a blocked deal cannot be approved; two admins can let it go first, and the other protection ends with that', async () => {
  const [holder, second] = [partners[2]!, partners[3]!];
  const customer = someCustomer();
  const held = await givenApproved(deals, holder, { customer });
  const deal = await givenInReview(deals, second, { customer });
  const before = await traceOf(deals, deal.id);
  await expect(deals.desk.approveDeal({ id: deal.id })).rejects.toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'CUSTOMER_PROTECTED',
  });
  await expect(deals.desk.approveDeal({ id: deal.id, withoutProtection: true })).rejects.toMatchObject({ reason: 'CUSTOMER_PROTECTED' });
  expect(await traceOf(deals, deal.id)).toEqual(before);
  const decision = { id: deal.id, matchDealId: held.id, decision: ConflictDecision.PROCEED, reason: 'The customer chose them in writing.' };
  await expect(deals.desk.decideDealConflict(decision)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  await deals.admin.decideDealConflict(decision);
  await expect(deals.admin.decideDealConflict(decision)).rejects.toMatchObject({ reason: 'SECOND_PERSON_NEEDED' });
  await expect(deals.desk.approveDeal({ id: deal.id })).rejects.toMatchObject({ reason: 'CUSTOMER_PROTECTED' });
  await deals.second.decideDealConflict(decision);
  expect((await deals.desk.getDeal({ id: held.id })).protection).toMatchObject({
    state: ProtectionState.RELEASED,
    releaseReason: 'ANOTHER_CLAIM_GOES_FIRST',
  });
  expect((await deals.desk.approveDeal({ id: deal.id })).protection?.state).toBe(ProtectionState.ACTIVE);
});

test('a name alone asks for a decision: another customer of the same name gets its own protection', async () => {
  const customer = { name: 'Twin Towers Ltd', country: 'GB' };
  const held = await givenApproved(deals, partners[4]!, { customer });
  const deal = await givenInReview(deals, partners[5]!, { customer: { ...customer, website: 'twin-towers.co.uk' } });
  expect((await deals.desk.getDeal({ id: deal.id })).conflict?.verdict).toBe(ConflictVerdict.REVIEW);
  await expect(deals.desk.approveDeal({ id: deal.id })).rejects.toMatchObject({
    reason: 'CONFLICT_UNDECIDED',
    details: { metadata: { match: held.id } },
  });
  await deals.desk.decideDealConflict({
    id: deal.id,
    matchDealId: held.id,
    decision: ConflictDecision.PROCEED,
    reason: 'Looks different.',
  });
  await expect(deals.desk.approveDeal({ id: deal.id })).rejects.toMatchObject({ reason: 'CUSTOMER_PROTECTED' });
  await deals.desk.decideDealConflict({
    id: deal.id,
    matchDealId: held.id,
    decision: ConflictDecision.DIFFERENT_CUSTOMER,
    reason: 'Other address.',
  });
  expect((await deals.desk.approveDeal({ id: deal.id })).protection?.state).toBe(ProtectionState.ACTIVE);
});

test('a claim on the same customer by the same partner is a duplicate, and says which', async () => {
  const customer = someCustomer();
  const first = await givenSubmitted(partners[6]!, { customer });
  deals.clock.now = new Date('2026-03-02T11:00:00.000Z');
  const again = await givenSubmitted(partners[6]!, { customer });
  expect(again.conflictNotice).toBe(`Your organisation has ${first.number} for this customer already.`);
});

test('an open direct opportunity of the enterprise asks for a decision', async () => {
  const customer = someCustomer();
  const direct = await deals.admin.createOpportunity({
    opportunity: { title: 'Ours', customer, lines: [{ productFamily: 'Networking', quantity: 1 }], amount: usd(1) },
  });
  const deal = await givenInReview(deals, partners[7]!, { customer });
  expect((await deals.desk.getDeal({ id: deal.id })).conflict?.matches).toMatchObject([
    { opportunityId: direct.id, kind: ConflictMatchKind.DIRECT_OPPORTUNITY, verdict: ConflictVerdict.REVIEW },
  ]);
  await expect(deals.desk.approveDeal({ id: deal.id })).rejects.toMatchObject({ reason: 'CONFLICT_UNDECIDED' });
});

test('who waits in line is woken when the protection ahead ends', async () => {
  const customer = someCustomer();
  await givenApproved(deals, partners[8]!, { customer });
  const waiting = await givenInReview(deals, partners[9]!, { customer });
  expect((await deals.desk.getDeal({ id: waiting.id })).queued).toBe(true);
  deals.clock.now = new Date('2026-05-15T10:00:00.000Z');
  await runDueTimers(deals.service.deps);
  expect(await wakeQueued(deals.service.deps)).toBeGreaterThan(0);
  expect(await deals.desk.getDeal({ id: waiting.id })).toMatchObject({ queued: false, conflict: { verdict: ConflictVerdict.NOTE } });
});

test('a check before a draft tells a partner as little, and twenty a day are enough', async () => {
  const customer = someCustomer();
  await givenApproved(deals, partners[0]!, { customer });
  const curious = await givenPartner(deals);
  const ask = { partnerId: curious.id, customer, productFamilies: ['Networking'] };
  expect(await curious.associate.checkDealConflict(ask)).toEqual({
    notice: 'Another claim exists for this customer.',
    conflict: undefined,
    checksLeft: 19,
  });
  for (let n = 0; n < 19; n++) await curious.associate.checkDealConflict({ ...ask, customer: someCustomer() });
  await expect(curious.associate.checkDealConflict(ask)).rejects.toMatchObject({ code: 'RESOURCE_EXHAUSTED', reason: 'TOO_MANY_CHECKS' });
  expect((await deals.desk.checkDealConflict(ask)).conflict).toMatchObject({ verdict: ConflictVerdict.BLOCK });
  await expect(curious.associate.checkDealConflict({ ...ask, partnerId: partners[0]!.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('influence stands beside resale and claims nothing for itself', async () => {
  const customer = someCustomer();
  await givenApproved(deals, partners[1]!, { customer });
  const influence = await givenApproved(deals, partners[2]!, { ...content({ customer }), type: 'INFLUENCE', lines: [] });
  expect(influence.protection).toBeUndefined();
});
