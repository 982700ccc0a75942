import {
  CloseReason,
  ConflictVerdict,
  DealState,
  ImportDealsRequest,
  OpportunityStage,
  ProtectionState,
} from '@openprm/contracts/dealregistration';
import type { Call } from '@openprm/grpc';
import { newId, recordStatements, run } from '@openprm/postgres';
import { importHandlers } from '../src/grpc/import';
import { systemCommand } from '../src/usecases/submit-deal';
import { givenApproved, givenDeals, givenPartner, someCustomer, usd, type Deals, type Partner } from './given';

let deals: Deals;
let partner: Partner;
let other: Partner;
beforeAll(async () => {
  deals = await givenDeals();
  partner = await givenPartner(deals);
  other = await givenPartner(deals);
});
afterAll(() => deals.stop());
beforeEach(() => {
  deals.clock.now = new Date('2026-03-02T10:00:00.000Z');
});

let counter = 0;
const item = (fields: Record<string, unknown> = {}, deal: Record<string, unknown> = {}) => ({
  externalId: `crm:${++counter}`,
  deal: {
    partnerId: partner.id,
    ownerPersonId: partner.associateId,
    customer: someCustomer(),
    lines: [{ productName: 'GTX Pro', productFamily: 'GTX', quantity: 1, amount: usd(4_821) }],
    amount: usd(4_821),
    ...deal,
  },
  targetState: DealState.CONVERTED,
  createTime: new Date('2016-10-20T00:00:00Z'),
  opportunity: { stage: OpportunityStage.CLOSED_WON, closeDate: '2017-03-01', amount: usd(4_514) },
  ...fields,
});
const outcomes = (answer: { results: { result?: { outcome: string } }[] }) =>
  answer.results.map((each) => each.result!.outcome.replace('IMPORT_OUTCOME_', ''));
const count = async (): Promise<unknown> =>
  (
    await run(
      deals.service.database,
      'select (select count(*)::int from deals) as deals, (select count(*)::int from opportunities) as opportunities, (select count(*)::int from outbox) as outbox, (select count(*)::int from audit_log) as audit',
    )
  )[0];

test('won, lost, open and draft deals arrive with their historic dates', async () => {
  const open = { stage: OpportunityStage.DEVELOP };
  const items = [
    item(),
    item({ opportunity: { stage: OpportunityStage.CLOSED_LOST, closeDate: '2017-01-11', closeReason: CloseReason.OTHER } }),
    item({ opportunity: open }),
    item({ targetState: DealState.DRAFT, createTime: undefined, opportunity: undefined }, { customer: undefined }),
  ];
  const answer = await deals.admin.importDeals({ items });
  expect(outcomes(answer)).toEqual(['CREATED', 'CREATED', 'CREATED', 'CREATED']);
  const [won, lost, developing, draft] = await Promise.all(answer.results.map((each) => deals.admin.getDeal({ id: each.result!.id })));
  expect(won).toMatchObject({
    state: DealState.CONVERTED,
    externalId: items[0]!.externalId,
    createTime: new Date('2016-10-20T00:00:00Z'),
    firstCompleteTime: new Date('2016-10-20T00:00:00Z'),
    ownerName: expect.stringContaining('associate'),
    amount: usd(4_821),
  });
  expect(won!.protection).toMatchObject({ state: ProtectionState.EXPIRED, endTime: new Date('2017-01-18T23:59:59Z') });
  const opportunities = await Promise.all(answer.results.slice(0, 3).map((each) => deals.admin.getOpportunity({ id: each.opportunityId })));
  expect(opportunities).toMatchObject([
    { stage: OpportunityStage.CLOSED_WON, closeDate: '2017-03-01', amount: usd(4_514), createTime: new Date('2016-10-20T00:00:00Z') },
    { stage: OpportunityStage.CLOSED_LOST, closeDate: '2017-01-11', amount: usd(4_821), closeReason: CloseReason.OTHER },
    { stage: OpportunityStage.DEVELOP, closeDate: '', amount: usd(4_821) },
  ]);
  expect([lost!.state, developing!.state, draft!.state]).toEqual([DealState.CONVERTED, DealState.CONVERTED, DealState.DRAFT]);
  expect(answer.results[3]).toMatchObject({ opportunityId: '', protected: false });
});

test('again it changes nothing, and a dry run writes nothing', async () => {
  const items = Array.from({ length: 5 }, () => item());
  const before = await count();
  expect(outcomes(await deals.admin.importDeals({ items, validateOnly: true }))).toEqual(items.map(() => 'CREATED'));
  expect(await count()).toEqual(before);
  const first = await deals.admin.importDeals({ items });
  const after = await count();
  const again = await deals.admin.importDeals({ items });
  expect(outcomes(again)).toEqual(items.map(() => 'UNCHANGED'));
  expect(again.results.map((each) => [each.result!.id, each.opportunityId, each.number])).toEqual(
    first.results.map((each) => [each.result!.id, each.opportunityId, each.number]),
  );
  expect(await count()).toEqual(after);
});

test('each item is answered on its own: refused with field and reason, the others go on', async () => {
  const items = [
    item({}, { partnerId: newId() }),
    item({}, { ownerPersonId: newId() }),
    item({ createTime: undefined }),
    item({}, { customer: { name: '', country: 'US' } }),
    item({ opportunity: { stage: OpportunityStage.CLOSED_WON, closeDate: '2016-01-01' } }),
    item({ opportunity: { stage: OpportunityStage.CLOSED_WON, closeDate: '2017-02-31' } }),
    item({}, { amount: { currencyCode: 'XXQ', units: 1n, nanos: 0 } }),
    item({ targetState: DealState.APPROVED }),
    item({}, { type: 'BARTER' }),
    item(),
  ];
  const answer = await deals.admin.importDeals({ items });
  expect(
    answer.results.map((each) => each.result!.violations.map(({ field, reason }) => `${field} ${reason}`)[0] ?? each.result!.outcome),
  ).toEqual([
    'deal.partner_id UNKNOWN_PARTNER',
    'deal.owner_person_id UNKNOWN_PERSON',
    'create_time INCOMPLETE',
    'deal.customer.name INCOMPLETE',
    'opportunity.close_date INVALID_DATE',
    'opportunity.close_date INVALID_DATE',
    'deal.amount INVALID_AMOUNT',
    'target_state UNSUPPORTED_STATE',
    'deal.type UNKNOWN_DEAL_TYPE',
    'IMPORT_OUTCOME_CREATED',
  ]);
});

test('of claims that are alive the first engaged keeps the protection; the others come without one, explained', async () => {
  const customer = someCustomer();
  const open = (createTime: string, deal = {}) =>
    item({ createTime: new Date(createTime), opportunity: { stage: OpportunityStage.DEVELOP } }, { customer, ...deal });
  const items = [
    open('2026-02-10T00:00:00Z'),
    open('2026-01-15T00:00:00Z', { partnerId: other.id, ownerPersonId: other.associateId }),
    open('2026-02-20T00:00:00Z', { lines: [{ productFamily: 'MG', quantity: 1 }] }),
  ];
  const answer = await deals.admin.importDeals({ items });
  expect(outcomes(answer)).toEqual(['CREATED', 'CREATED', 'CREATED']);
  expect(answer.results.map((each) => each.protected)).toEqual([false, true, true]);
  expect(answer.results[0]!.result!.notes).toEqual([
    expect.stringMatching(
      new RegExp(`^Without protection: ${answer.results[1]!.number} of ${other.name} was first. The tax ids are equal.`),
    ),
  ]);
  expect(answer.results[0]!.conflict).toMatchObject({
    verdict: ConflictVerdict.BLOCK,
    matches: [
      { dealId: answer.results[1]!.result!.id, findings: [{ rule: 'TAX_ID' }, { rule: 'PRODUCT_FAMILY' }, { rule: 'PROTECTION' }] },
    ],
  });
  const later = await deals.admin.importDeals({ items: [open('2026-02-25T00:00:00Z')] });
  expect(later.results).toMatchObject([{ protected: false, result: { notes: [expect.stringContaining(answer.results[1]!.number)] } }]);
});

test('a protection that was granted here bars imported claims, and an imported one bars claims here', async () => {
  const [first, second] = [someCustomer(), someCustomer()];
  await givenApproved(deals, partner, { customer: first, lines: [{ productFamily: 'GTX', quantity: 1 }] });
  const open = { createTime: new Date('2026-02-01T00:00:00Z'), opportunity: { stage: OpportunityStage.DEVELOP } };
  expect(
    (await deals.admin.importDeals({ items: [item(open, { customer: first, partnerId: other.id, ownerPersonId: '' })] })).results[0]!
      .protected,
  ).toBe(false);
  expect((await deals.admin.importDeals({ items: [item(open, { customer: second })] })).results[0]!.protected).toBe(true);
  const claim = await other.associate.createDeal({
    deal: {
      partnerId: other.id,
      customer: second,
      lines: [{ productFamily: 'gtx', quantity: 1 }],
      amount: usd(1),
      expectedCloseDate: '2027-01-01',
      evidence: [{ kind: 'EVIDENCE_KIND_NEED' as never, text: 'x' }],
    },
  });
  const submitted = await other.associate.submitDeal({ id: claim.id });
  await deals.desk.takeDeal({ id: claim.id });
  expect(submitted.conflictNotice).toBe('Another claim exists for this customer.');
  await expect(deals.desk.approveDeal({ id: claim.id })).rejects.toMatchObject({ reason: 'CUSTOMER_PROTECTED' });
});

test('five hundred items take as few statements as one', async () => {
  const customers = Array.from({ length: 40 }, () => someCustomer());
  const items = Array.from({ length: 500 }, (_, n) =>
    item(n % 3 ? {} : { createTime: new Date(Date.UTC(2026, 0, 1 + (n % 50))), opportunity: { stage: OpportunityStage.DEVELOP } }, {
      customer: customers[n % 40],
    }),
  );
  // Without the network between, whose deadline says something about the machine and nothing about the statements.
  const request = ImportDealsRequest.fromPartial({ items });
  const call = { command: systemCommand('ImportDeals', deals.clock.now) } as Call;
  const ask = () => importHandlers(deals.service.deps).importDeals(request, call);
  let answer: Awaited<ReturnType<typeof ask>> | undefined;
  const statements = await recordStatements(async () => {
    answer = await ask();
  });
  expect(outcomes(answer!)).toEqual(items.map(() => 'CREATED'));
  expect(statements.filter((sql) => !/from access_memberships m left join|^select 1$/.test(sql.trim())).length).toBeLessThanOrEqual(8);
  expect(
    await run(
      deals.service.database,
      'select 1 from customer_claims where active group by customer_key, family, country having count(*) > 1',
    ),
  ).toEqual([]);
  expect(outcomes(await ask())).toEqual(items.map(() => 'UNCHANGED'));
});

test('two imports of the same items at once record each once', async () => {
  const items = Array.from({ length: 20 }, () => item());
  const both = await Promise.all([deals.admin.importDeals({ items }), deals.admin.importDeals({ items })]);
  expect(both.map((answer) => outcomes(answer)[0]).sort()).toEqual(['CREATED', 'UNCHANGED']);
  expect(
    await run(deals.service.database, 'select 1 from deals where external_id = any($1::text[])', [items.map((each) => each.externalId)]),
  ).toHaveLength(20);
});

test('only an enterprise admin imports', async () => {
  await expect(deals.desk.importDeals({ items: [item()] })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  await expect(partner.manager.importDeals({ items: [item()] })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
});
