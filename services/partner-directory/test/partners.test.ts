import { PartnerState, Role } from '@openprm/contracts/partnerdirectory';
import { newId, recordStatements, run } from '@openprm/postgres';
import { givenDirectory, givenPartner, givenStaff, type Directory } from './given';

let directory: Directory;
beforeAll(async () => {
  directory = await givenDirectory();
});
afterAll(() => directory.stop());

const outboxOf = async (id: string) => (await directory.outbox()).filter((event) => event.key === id).map((event) => event.type);

test('a partner is recorded as prospect, activated, suspended and reinstated, each with one event and one audit row', async () => {
  const { id } = await directory.admin.createPartner({ partner: { name: 'Acme', types: ['RESELLER', 'SERVICE_PROVIDER'], country: 'US' } });
  expect((await directory.admin.activatePartner({ id })).state).toBe(PartnerState.ACTIVE);
  expect(await directory.admin.suspendPartner({ id, reason: 'COMPLIANCE' })).toMatchObject({
    state: PartnerState.SUSPENDED,
    stateReason: 'COMPLIANCE',
  });
  expect((await directory.admin.reinstatePartner({ id })).state).toBe(PartnerState.ACTIVE);
  expect(await outboxOf(id)).toEqual(['PartnerCreated', 'PartnerActivated', 'PartnerSuspended', 'PartnerReinstated']);
  const { entries } = await directory.admin.getPartnerHistory({ id });
  expect(entries.map((entry) => [entry.move, entry.fromState, entry.toState, entry.role])).toEqual([
    ['create', '', 'PROSPECT', 'ENTERPRISE_ADMIN'],
    ['activate', 'PROSPECT', 'ACTIVE', 'ENTERPRISE_ADMIN'],
    ['suspend', 'ACTIVE', 'SUSPENDED', 'ENTERPRISE_ADMIN'],
    ['reinstate', 'SUSPENDED', 'ACTIVE', 'ENTERPRISE_ADMIN'],
  ]);
});

test('a move that the state does not allow is refused with those that it does, and leaves nothing behind', async () => {
  const partner = await givenPartner(directory);
  await expect(directory.admin.activatePartner({ id: partner.id })).rejects.toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'ILLEGAL_MOVE',
    details: { metadata: { state: 'ACTIVE', moves: 'suspend,requestTermination' } },
  });
  expect(await outboxOf(partner.id)).toEqual(['PartnerCreated', 'PartnerActivated']);
});

test('suspending without a reason names the field', async () => {
  const { id } = await givenPartner(directory);
  await expect(directory.admin.suspendPartner({ id })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    details: { violations: [{ field: 'reason', reason: 'REQUIRED' }] },
  });
});

test('a field that breaks its rule is refused with its path before anything is written', async () => {
  const statements = await recordStatements(() =>
    expect(directory.admin.createPartner({ partner: { name: '', country: 'Germany' } })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      details: {
        violations: expect.arrayContaining([
          expect.objectContaining({ field: 'partner.name' }),
          expect.objectContaining({ field: 'partner.country' }),
        ]),
      },
    }),
  );
  expect(statements.filter((sql) => sql.includes('partners ('))).toEqual([]);
});

test('ending a partnership takes two admins', async () => {
  const { id } = await givenPartner(directory);
  await expect(directory.admin.terminatePartner({ id })).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' });
  await directory.admin.requestPartnerTermination({ id, reason: 'END_OF_CONTRACT' });
  await expect(directory.admin.terminatePartner({ id })).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
    reason: 'SECOND_PERSON_NEEDED',
  });
  const internal = await run<{ id: string }>(directory.service.database, `select id from partners where kind = 'INTERNAL'`);
  const second = await givenStaff(directory, internal[0]!.id, Role.ENTERPRISE_ADMIN, 'second@enterprise.example');
  expect((await directory.by(second.email).terminatePartner({ id })).state).toBe(PartnerState.TERMINATED);
});

test('a partner moves with everything below it, and never below itself', async () => {
  const [top, middle, leaf, other] = [
    await givenPartner(directory),
    await givenPartner(directory),
    await givenPartner(directory),
    await givenPartner(directory),
  ];
  await directory.admin.movePartner({ id: middle.id, parentId: top.id });
  await directory.admin.movePartner({ id: leaf.id, parentId: middle.id });
  await expect(directory.admin.movePartner({ id: top.id, parentId: leaf.id })).rejects.toMatchObject({ reason: 'HIERARCHY_CYCLE' });
  await directory.admin.movePartner({ id: middle.id, parentId: other.id });
  const below = await directory.admin.getPartnerHierarchy({ id: other.id });
  expect(below.nodes.map((node) => [node.id, node.depth])).toEqual([
    [other.id, 0],
    [middle.id, 1],
    [leaf.id, 2],
  ]);
  expect((await directory.admin.getPartnerHierarchy({ id: top.id })).nodes).toHaveLength(1);
});

test('two moves that would close a circle together do not both succeed', async () => {
  const [left, right] = [await givenPartner(directory), await givenPartner(directory)];
  const outcomes = await Promise.allSettled([
    directory.admin.movePartner({ id: left.id, parentId: right.id }),
    directory.admin.movePartner({ id: right.id, parentId: left.id }),
  ]);
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
});

test('of two changes based on one version exactly one wins', async () => {
  const { id, etag } = await givenPartner(directory);
  const outcomes = await Promise.allSettled(
    ['A', 'B'].map((city) => directory.admin.updatePartner({ partner: { id, city }, updateMask: ['city'], etag })),
  );
  expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(outcomes.find((outcome) => outcome.status === 'rejected')).toMatchObject({ reason: { code: 'ABORTED' } });
});

test('a repeated request acts once and gives the first answer; its key with another body is refused', async () => {
  const requestId = newId();
  const twice = await Promise.all([1, 2].map(() => directory.admin.createPartner({ partner: { name: 'Once', country: 'FR' }, requestId })));
  expect(twice[0]).toEqual(twice[1]);
  expect(await directory.admin.createPartner({ partner: { name: 'Once', country: 'FR' }, requestId })).toEqual(twice[0]);
  await expect(directory.admin.createPartner({ partner: { name: 'Twice', country: 'FR' }, requestId })).rejects.toMatchObject({
    reason: 'IDEMPOTENCY_KEY_REUSED',
  });
  const rows = await run(directory.service.database, `select 1 from partners where name in ('Once', 'Twice')`);
  expect(rows).toHaveLength(1);
});

test('nobody without a role lists partners, and nobody without a token', async () => {
  await expect(directory.by('stranger@nowhere.example').listPartners({})).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
});

test('a partner sees its own organisation and what lies below; others look like none', async () => {
  const [parent, stranger] = [await givenPartner(directory), await givenPartner(directory)];
  const child = await givenPartner(directory, { parentId: parent.id });
  const manager = await givenStaff(directory, parent.id, Role.PARTNER_MANAGER);
  const associate = await givenStaff(directory, parent.id, Role.PARTNER_ASSOCIATE);
  const seen = async (email: string) => (await directory.by(email).listPartners({})).partners.map((partner) => partner.id).sort();
  expect(await seen(manager.email)).toEqual([parent.id, child.id].sort());
  expect(await seen(associate.email)).toEqual([parent.id]);
  const missing = await directory
    .by(manager.email)
    .getPartner({ id: newId() })
    .catch((error: Error) => error);
  const forbidden = await directory
    .by(manager.email)
    .getPartner({ id: stranger.id })
    .catch((error: Error) => error);
  expect(forbidden).toEqual(missing);
});

test('a relationship manager reaches the partners assigned to them', async () => {
  const internal = await run<{ id: string }>(directory.service.database, `select id from partners where kind = 'INTERNAL'`);
  const manager = await givenStaff(directory, internal[0]!.id, Role.RELATIONSHIP_MANAGER, 'rm@enterprise.example');
  const [mine, theirs] = [await givenPartner(directory), await givenPartner(directory)];
  await directory.admin.assignRelationshipManager({ id: mine.id, personId: manager.personId });
  expect((await directory.by(manager.email).listPartners({})).partners.map((partner) => partner.id)).toEqual([mine.id]);
  await expect(directory.by(manager.email).suspendPartner({ id: theirs.id, reason: 'X' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect((await directory.by(manager.email).suspendPartner({ id: mine.id, reason: 'X' })).state).toBe(PartnerState.SUSPENDED);
  await expect(directory.admin.assignRelationshipManager({ id: mine.id, personId: newId() })).rejects.toMatchObject({
    details: { violations: [{ field: 'person_id' }] },
  });
});

test('an import answers each item on its own, and again changes nothing', async () => {
  const items = [
    { externalId: 'crm:east', partner: { name: 'East', country: 'US' } },
    { externalId: 'crm:team', partner: { name: 'Team', country: 'US' }, parentExternalId: 'crm:east' },
    { externalId: 'crm:lost', partner: { name: 'Lost', country: 'US' }, parentExternalId: 'crm:nowhere' },
  ];
  const dry = await directory.admin.importPartners({ items, validateOnly: true });
  expect(dry.results.map((result) => result.outcome)).toEqual([
    'IMPORT_OUTCOME_CREATED',
    'IMPORT_OUTCOME_CREATED',
    'IMPORT_OUTCOME_REFUSED',
  ]);
  expect(await run(directory.service.database, `select 1 from partners where external_id like 'crm:%'`)).toHaveLength(0);
  const first = await directory.admin.importPartners({ items });
  expect(first.results[2]).toMatchObject({ violations: [{ field: 'parent_external_id', reason: 'UNKNOWN_PARENT' }] });
  const again = await directory.admin.importPartners({ items });
  expect(again.results.map((result) => result.outcome)).toEqual([
    'IMPORT_OUTCOME_UNCHANGED',
    'IMPORT_OUTCOME_UNCHANGED',
    'IMPORT_OUTCOME_REFUSED',
  ]);
  expect(again.results.map((result) => result.id)).toEqual(first.results.map((result) => result.id));
});
