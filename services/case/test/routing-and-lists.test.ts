import { RelationOwner, Role } from '@openprm/contracts/partnerdirectory';
import { Priority, Side } from '@openprm/contracts/supportcase';
import { newId, run } from '@openprm/postgres';
import { planOf } from '@openprm/testing';
import { runDeadlines } from '../src/usecases/run-deadlines';
import {
  ADMIN,
  AGENT,
  at,
  eventsOf,
  forCustomer,
  givenAssociate,
  givenCase,
  givenCases,
  givenCustomer,
  givenPartner,
  givenStaff,
  givenSupport,
  type Cases,
} from './given';

let cases: Cases;
beforeAll(async () => {
  cases = await givenCases();
});
afterAll(() => cases.stop());
beforeEach(() => at(cases, '03-02T10:00'));

const admin = () => cases.by(ADMIN);
const givenAgent = (name: string) => givenStaff(cases, cases.enterpriseId, Role.SUPPORT_AGENT, `${name}@enterprise.example`);

test('the first rule that holds names the group; in it skill, then load decides, and nobody who is away is chosen', async () => {
  const [expert, busy, away] = [await givenAgent('expert'), await givenAgent('busy'), await givenAgent('away')];
  await admin().saveCaseGroup({
    caseGroup: {
      code: 'NORDIC',
      label: 'Nordic desk',
      calendar: 'EUROPE',
      members: [
        { personId: expert.personId, skills: ['LICENSING'] },
        { personId: busy.personId, skills: [] },
        { personId: away.personId, skills: ['LICENSING'], absentUntil: new Date('2026-03-09T00:00:00Z') },
      ],
    },
  });
  const table = await admin().getRoutingTable({});
  await admin().saveRoutingTable({ routingTable: { rules: [{ country: 'SE', group: 'NORDIC' }, { group: 'SUPPORT' }] }, etag: table.etag });
  const { api } = await givenAssociate(cases, { country: 'SE' });
  const read = async (category: string) => admin().getCase({ id: (await givenCase(api, { category })).id });
  const licensing = await read('LICENSING');
  expect(licensing.holder).toMatchObject({ side: Side.PARENT, group: 'NORDIC', personId: expert.personId });
  expect(licensing.clocks[0]!.calendar).toBe('EUROPE');
  expect((await read('GENERAL')).holder!.personId).toBe(busy.personId);
  const loads = (await admin().listCaseGroups({})).caseGroups
    .find((group) => group.code === 'NORDIC')!
    .members.map((member) => member.load);
  expect(loads).toEqual([1, 1, 0]);
  const elsewhere = await givenAssociate(cases, { country: 'FR' });
  expect((await admin().getCase({ id: (await givenCase(elsewhere.api)).id })).holder).toMatchObject({ group: 'SUPPORT', personId: '' });
});

test('agents see the queue of their own groups and of groups open to all', async () => {
  const [inside, outside] = [await givenAgent('inside'), await givenAgent('outside')];
  await admin().saveCaseGroup({
    caseGroup: { code: 'GOLD_DESK', label: 'Gold desk', calendar: 'STANDARD', members: [{ personId: inside.personId }] },
  });
  const { etag, rules } = await admin().getRoutingTable({});
  await admin().saveRoutingTable({ routingTable: { rules: [{ country: 'IT', group: 'GOLD_DESK' }, ...rules] }, etag });
  const { api } = await givenAssociate(cases, { country: 'IT' });
  const { id } = await givenCase(api);
  expect((await inside.api.getCase({ id })).id).toBe(id);
  expect((await inside.api.listCases({})).cases.map((each) => each.id)).toContain(id);
  await expect(outside.api.getCase({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect((await outside.api.listCases({})).cases.map((each) => each.id)).not.toContain(id);
});

test('with dedicated support the person in charge has the case for an hour, then the group', async () => {
  const manager = await givenStaff(cases, cases.enterpriseId, Role.RELATIONSHIP_MANAGER, 'csm@enterprise.example');
  const { api, partnerId } = await givenAssociate(cases, { relationshipManagerId: manager.personId });
  await givenSupport(cases, partnerId, 'dedicated');
  const { id } = await givenCase(api, { priority: Priority.P1 });
  const opened = await admin().getCase({ id });
  expect(opened.holder).toMatchObject({ personId: manager.personId });
  expect(opened.clocks[0]).toMatchObject({ calendar: 'ALWAYS', dueTime: new Date('2026-03-02T10:30:00Z') });
  at(cases, '03-02T11:00');
  await runDeadlines(cases.service.deps);
  expect((await admin().getCase({ id })).holder).toMatchObject({ group: 'SUPPORT', personId: '' });
  expect(await eventsOf(cases, id)).toContain('CaseRouted');
});

test('a higher support level gives open cases new targets from their original start', async () => {
  const { api, partnerId } = await givenAssociate(cases);
  const { id } = await givenCase(api);
  await givenSupport(cases, partnerId, 'priority', 2);
  const faster = await api.getCase({ id });
  expect([faster.supportLevel, faster.clocks[0]!.dueTime, faster.clocks[1]!.allowanceMinutes]).toEqual([
    'priority',
    new Date('2026-03-03T10:00:00Z'),
    3600n,
  ]);
  await givenSupport(cases, partnerId, 'email', 1);
  expect((await api.getCase({ id })).supportLevel).toBe('priority');
});

test('a case is given to a colleague who is there and works on cases', async () => {
  const { api, partnerId, personId } = await givenAssociate(cases);
  const { id } = await givenCase(api);
  const [helper, absent] = [await givenAgent('helper'), await givenAgent('absent')];
  await admin().saveCaseGroup({
    caseGroup: {
      code: 'HELPERS',
      label: 'Helpers',
      calendar: 'STANDARD',
      members: [{ personId: absent.personId, absentUntil: new Date('2026-04-01T00:00:00Z') }],
    },
  });
  await expect(admin().assignCase({ id, personId })).rejects.toMatchObject({
    details: { violations: [{ field: 'person_id', reason: 'NOT_ASSIGNABLE' }] },
  });
  await expect(admin().assignCase({ id, personId: absent.personId })).rejects.toMatchObject({ reason: 'PERSON_ABSENT' });
  expect((await admin().assignCase({ id, personId: helper.personId, comment: 'Yours?' })).holder).toMatchObject({
    personId: helper.personId,
    group: 'SUPPORT',
  });
  const own = await givenCase(api, forCustomer(await givenCustomer(cases, partnerId, RelationOwner.PARTNER)));
  const colleague = await givenStaff(cases, partnerId, Role.PARTNER_ASSOCIATE);
  expect((await api.assignCase({ id: own.id, personId: colleague.personId })).holder).toMatchObject({
    side: Side.PARTNER,
    personId: colleague.personId,
  });
});

test('configuration is for enterprise admins, names its faults and is guarded by its version', async () => {
  await expect(cases.by(AGENT).saveRoutingTable({ routingTable: { rules: [] } })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  await expect(admin().saveRoutingTable({ routingTable: { rules: [{ group: 'NOWHERE' }] } })).rejects.toMatchObject({
    details: { violations: [{ reason: 'UNKNOWN_GROUP' }] },
  });
  await expect(admin().saveRoutingTable({ routingTable: { rules: [] }, etag: '0' })).rejects.toMatchObject({ code: 'ABORTED' });
  await expect(admin().saveCaseGroup({ caseGroup: { code: 'LOST', label: 'Lost', calendar: 'NEVER' } })).rejects.toMatchObject({
    details: { violations: [{ reason: 'UNKNOWN_CALENDAR' }] },
  });
  await expect(
    admin().saveCaseGroup({ caseGroup: { code: 'GHOSTS', label: 'Ghosts', calendar: 'STANDARD', members: [{ personId: newId() }] } }),
  ).rejects.toMatchObject({
    details: { violations: [{ field: 'case_group.members[0].person_id' }] },
  });
  const { caseCategories } = await admin().listCaseCategories({});
  expect(caseCategories.map((each) => each.code)).toEqual(expect.arrayContaining(['LICENSING', 'PRODUCT_CONFIGURATION']));
  const { targets } = await admin().getServiceLevels({});
  expect(targets).toHaveLength(24);
});

test('the summary counts states and clocks, and shows the newest cases and happenings over the hierarchy', async () => {
  const parent = await givenAssociate(cases);
  const child = await givenAssociate(cases, { parentId: parent.partnerId });
  await givenCase(parent.api);
  const { id } = await givenCase(child.api, { priority: Priority.P1 });
  at(cases, '03-04T10:00');
  await runDeadlines(cases.service.deps);
  const whole = await admin().summarizeCases({ partnerId: parent.partnerId, includeDescendants: true });
  expect(whole).toMatchObject({
    caseCount: 2n,
    openCount: 2n,
    breachedOpenCount: 1n,
    states: [{ state: 'CASE_STATE_NEW', count: 2n }],
    clocks: [
      { kind: 'CLOCK_KIND_FIRST_RESPONSE', running: 1n, breached: 1n, nextDueTime: new Date('2026-03-05T10:00:00Z') },
      { kind: 'CLOCK_KIND_RESOLUTION', running: 2n, breached: 0n },
    ],
  });
  expect(whole.recent.map((each) => each.id)).toHaveLength(2);
  expect(whole.recentActivity[0]).toMatchObject({ caseId: id, move: 'noteClock', side: 'SYSTEM' });
  expect((await admin().summarizeCases({ partnerId: parent.partnerId })).caseCount).toBe(1n);
  const asPartner = await child.api.summarizeCases({ partnerId: child.partnerId });
  expect(asPartner.recentActivity.map((each) => each.move)).toEqual(['create']);
});

test('lists page through everything once and filter in the database', async () => {
  const { api } = await givenAssociate(cases);
  const ids: string[] = [];
  for (let count = 0; count < 5; count++)
    ids.unshift((await givenCase(api, { subject: `Case ${count}`, priority: count === 2 ? Priority.P1 : Priority.P4 })).id);
  const [first, seen] = [await api.listCases({ pageSize: 2 }), [] as string[]];
  for (let page = first; ; page = await api.listCases({ pageSize: 2, pageToken: page.nextPageToken })) {
    seen.push(...page.cases.map((each) => each.id));
    if (!page.nextPageToken) break;
  }
  expect(seen).toEqual(ids);
  expect((await api.listCases({ priorities: [Priority.P1] })).cases.map((each) => each.subject)).toEqual(['Case 2']);
  expect((await api.listCases({ search: 'case 3' })).cases.map((each) => each.subject)).toEqual(['Case 3']);
});

const COPY_CASE = `insert into cases select r.* from cases c cross join generate_series($2::int, $3::int) n cross join lateral jsonb_populate_record(c, jsonb_build_object(
  'id', gen_random_uuid(), 'number', 'X-' || n, 'partner_id', case when n % 100 = 0 then c.partner_id else gen_random_uuid() end,
  'created_at', now() - make_interval(mins => n), 'next_check_at', now() + make_interval(mins => n))) r where c.id = $1`;

test('lists, queues and deadlines use an index on 20,000 cases', async () => {
  const { database } = cases.service;
  const partnerId = await givenPartner(cases);
  const { api } = await givenStaff(cases, partnerId, Role.PARTNER_MANAGER);
  const { id } = await givenCase(api);
  // More rows than fit into the time that a request is given.
  for (let chunk = 0; chunk < 10; chunk++) await run(database, COPY_CASE, [id, chunk * 2_000 + 1, chunk * 2_000 + 2_000]);
  await run(database, 'analyze cases');
  await run(database, 'analyze access_ancestry');
  for (const work of [
    () => api.listCases({}),
    () => api.getCase({ id }),
    () => admin().listCases({}),
    () => cases.by(AGENT).listCases({}),
    () => admin().listCases({ partnerId }),
    () => runDeadlines(cases.service.deps),
    () => admin().summarizeCases({ partnerId }),
  ]) {
    for (const plan of await planOf(database, work)) expect(plan).not.toMatch(/Seq Scan on cases/);
  }
}, 60_000);
