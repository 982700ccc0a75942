import { OpportunityStage, DealState } from '@openprm/contracts/dealregistration';
import { recordCalls, recordStatements, run } from '@openprm/postgres';
import { givenDeals, givenPartner, type Deals, type Partner } from './given';

let deals: Deals;
let house: Partner;
let child: Partner;
beforeAll(async () => {
  deals = await givenDeals();
  house = await givenPartner(deals);
  child = await givenPartner(deals, { parentId: house.id });
  const strangers: string[] = [];
  for (let n = 0; n < 20; n++) strangers.push((await givenPartner(deals)).id);
  await fill([house.id, child.id, ...strangers]);
}, 60_000);
afterAll(() => deals.stop());

/** 20,000 deals and opportunities, spread over the partners. */
async function fill(partners: string[]): Promise<void> {
  const { database } = deals.service;
  await run(
    database,
    `insert into deals (id, version, number, partner_id, owner_name, title, type, selling_model, customer, customer_id, customer_name, customer_keys, lines, amount_minor, currency, evidence, description, related,
       program_name, state, submitted_by_name, conflict_notice, queued, info_request, info_answer, reason, internal_note, reviewer_name, approver_name, auto_approved, opportunity_number, resubmissions,
       revocation_requested_by_name, timers, created_at, updated_at)
     select gen_random_uuid(), 1, 'DR-X' || n, ($1::uuid[])[1 + n % $2], '', 'Title ' || n, 'RESALE', 'DUAL', '{}', ('00000000-0000-7000-8000-' || lpad((n % 500)::text, 12, '0'))::uuid, 'Customer ' || n % 500, '{}', '[]', n, 'USD', '[]', '', '[]',
       '', (array['DRAFT', 'SUBMITTED', 'APPROVED', 'CONVERTED', 'CONVERTED'])[1 + n % 5], '', '', false, '', '', '', '', '', '', false, '', 0, '', '[]', '2025-01-01'::timestamptz + n * interval '1 minute', '2025-01-01'::timestamptz + n * interval '1 minute'
     from generate_series(1, 20000) n`,
    [partners, partners.length],
  );
  await run(
    database,
    `insert into opportunities (id, version, number, deal_id, deal_number, partner_id, owner_name, title, type, lead_mode, customer, customer_id, customer_name, customer_keys, lines, amount_minor, currency, stage, stage_at, close_date, close_text, related, created_at, updated_at)
     select gen_random_uuid(), 1, 'OP-X' || number, id, number, partner_id, '', title, type, 'PARTNER_LED', customer, customer_id, customer_name, '{}', lines, amount_minor, currency, (array['DEVELOP', 'CLOSED_WON'])[1 + amount_minor % 2], created_at, created_at::date, '', '[]', created_at, updated_at from deals`,
  );
  await run(
    database,
    `insert into customer_claims (id, owner_id, owner_kind, customer_key, family, country, active) select gen_random_uuid(), id, 'DEAL', 'name:' || customer_name || '|DE', 'a', 'DE', false from deals`,
  );
  await run(database, 'analyze');
}

/** Tables and how they are read in the plans of the statements that the call runs, e.g. `Seq Scan deals`. */
async function nodesOf(call: () => Promise<unknown>): Promise<{ nodes: string[]; statements: number }> {
  const calls = (await recordCalls(call)).filter(({ sql }) => /deals|opportunities|customer_claims/.test(sql));
  const nodes: string[] = [];
  for (const { sql, params } of calls) nodes.push(...(await planOf(sql, params)));
  return { nodes, statements: calls.length };
}

async function planOf(sql: string, params: unknown[]): Promise<string[]> {
  const [row] = await run<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(deals.service.database, `explain (format json) ${sql}`, params);
  return tablesOf(row!['QUERY PLAN'][0]!.Plan);
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: PlanNode[];
}

const tablesOf = (node: PlanNode): string[] => [
  ...(node['Relation Name'] ? [`${node['Node Type']} ${node['Relation Name']}`] : []),
  ...(node.Plans ?? []).flatMap(tablesOf),
];

const bySeqScan = (nodes: string[]): string[] => nodes.filter((node) => /^Seq Scan (deals|opportunities|customer_claims)$/.test(node));

const lists: [string, () => Promise<unknown>][] = [
  ['deals of a subtree', () => house.manager.listDeals({})],
  ['deals of one organisation', () => house.associate.listDeals({ pageSize: 100 })],
  ['all deals', () => deals.admin.listDeals({})],
  ['all deals in a state', () => deals.admin.listDeals({ states: [DealState.SUBMITTED] })],
  ['deals of a partner and below, for the enterprise', () => deals.admin.listDeals({ partnerId: house.id, includeDescendants: true })],
  ['deals with a customer', () => deals.admin.listDeals({ customerId: '00000000-0000-7000-8000-000000000007' })],
  ['deals found by text', () => house.manager.listDeals({ search: 'Title 7' })],
  ['opportunities of a subtree', () => house.manager.listOpportunities({})],
  ['all opportunities in a stage', () => deals.admin.listOpportunities({ stages: [OpportunityStage.DEVELOP] })],
  ['opportunities of a deal', () => deals.admin.listOpportunities({ dealId: '00000000-0000-7000-8000-000000000007' })],
];

test.each(lists)('the list of %s goes by index, in one statement', async (_name, call) => {
  const { nodes, statements } = await nodesOf(call);
  expect(statements).toBe(1);
  expect(nodes.length).toBeGreaterThan(0);
  expect(bySeqScan(nodes)).toEqual([]);
});

test('the figures of a partner read that partner only', async () => {
  for (const call of [
    () => house.manager.summarizeDeals({ partnerId: house.id, includeDescendants: true }),
    () => house.manager.summarizeOpportunities({ partnerId: house.id, includeDescendants: true }),
  ]) {
    const { nodes, statements } = await nodesOf(call);
    expect(bySeqScan(nodes)).toEqual([]);
    expect(statements).toBeLessThanOrEqual(6);
  }
});

test('a conflict check finds its candidates by key', async () => {
  const { nodes } = await nodesOf(() =>
    house.associate.checkDealConflict({ partnerId: house.id, customer: { name: 'Customer 7', country: 'DE' } }),
  );
  expect(bySeqScan(nodes)).toEqual([]);
});

test('pages deep down cost what the first one costs: by keyset, never by counting rows off', async () => {
  const first = await house.manager.listDeals({ pageSize: 50 });
  const statements = await recordStatements(() => house.manager.listDeals({ pageSize: 50, pageToken: first.nextPageToken }));
  expect(statements.join(' ')).not.toMatch(/offset/i);
});
