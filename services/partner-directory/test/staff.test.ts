import { MembershipState, Role } from '@openprm/contracts/partnerdirectory';
import { newId, run } from '@openprm/postgres';
import { ADMIN, givenDirectory, givenPartner, givenStaff, type Directory } from './given';

let directory: Directory;
beforeAll(async () => {
  directory = await givenDirectory();
});
afterAll(() => directory.stop());

const invite = (partnerId: string, email: string, role = Role.PARTNER_ASSOCIATE) =>
  directory.admin.inviteStaff({ partnerId, staffMember: { name: 'Somebody', email, role } });

test('an invited person accepts and is active; others cannot accept for them', async () => {
  const partner = await givenPartner(directory);
  const { id } = await invite(partner.id, 'New.Person@partner.example');
  await expect(directory.by('other@partner.example').acceptInvitation({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const me = await directory.by('new.person@partner.example').getMe({});
  expect(me.invitations.map((each) => each.id)).toEqual([id]);
  expect((await directory.by('new.person@partner.example').acceptInvitation({ id })).state).toBe(MembershipState.ACTIVE);
  const events = (await directory.outbox()).filter((event) => event.key === id);
  expect(events.map((event) => [event.type, event.audience])).toEqual([
    ['StaffInvited', [partner.id]],
    ['StaffActivated', [partner.id]],
  ]);
});

test('an invitation ends after seven days', async () => {
  const partner = await givenPartner(directory);
  const { id } = await invite(partner.id, 'late@partner.example');
  const before = directory.clock.now;
  directory.clock.now = new Date(before.getTime() + 8 * 86_400_000);
  await expect(directory.by('late@partner.example').acceptInvitation({ id })).rejects.toMatchObject({ reason: 'INVITATION_EXPIRED' });
  directory.clock.now = before;
});

test('one person has one id in every organisation, and one membership in each', async () => {
  const [left, right] = [await givenPartner(directory), await givenPartner(directory)];
  const [first, second] = [await invite(left.id, 'both@partner.example'), await invite(right.id, 'both@partner.example')];
  expect(second.personId).toBe(first.personId);
  await expect(invite(left.id, 'both@partner.example')).rejects.toMatchObject({ code: 'ALREADY_EXISTS', reason: 'ALREADY_MEMBER' });
});

test('a membership taken away works on the next request', async () => {
  const partner = await givenPartner(directory);
  const staff = await givenStaff(directory, partner.id, Role.PARTNER_MANAGER);
  expect((await directory.by(staff.email).listPartners({})).partners).toHaveLength(1);
  await directory.admin.deactivateStaffMember({ id: staff.id });
  await expect(directory.by(staff.email).listPartners({})).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
});

test('the last admin of a partner stays, whoever of the partner asks and however many ask at once', async () => {
  const partner = await givenPartner(directory);
  const [one, two] = [
    await givenStaff(directory, partner.id, Role.PARTNER_ADMIN),
    await givenStaff(directory, partner.id, Role.PARTNER_ADMIN),
  ];
  const outcomes = await Promise.allSettled([
    directory.by(one.email).deactivateStaffMember({ id: two.id }),
    directory.by(two.email).deactivateStaffMember({ id: one.id }),
  ]);
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(refused).toHaveLength(1);
  expect(refused[0]).toMatchObject({ reason: { reason: expect.stringMatching(/LAST_ADMIN|ROLE_NOT_ALLOWED/) } });
  const active = await run(
    directory.service.database,
    `select 1 from memberships where partner_id = $1 and role = 'PARTNER_ADMIN' and state = 'ACTIVE'`,
    [partner.id],
  );
  expect(active).toHaveLength(1);
});

test('a partner admin manages staff of the own organisation and below, and of no other', async () => {
  const [parent, stranger] = [await givenPartner(directory), await givenPartner(directory)];
  const child = await givenPartner(directory, { parentId: parent.id });
  const admin = await givenStaff(directory, parent.id, Role.PARTNER_ADMIN);
  const staffMember = { name: 'Hired', email: 'hired@partner.example', role: Role.PARTNER_ASSOCIATE };
  expect((await directory.by(admin.email).inviteStaff({ partnerId: child.id, staffMember })).state).toBe(MembershipState.INVITED);
  await expect(directory.by(admin.email).inviteStaff({ partnerId: stranger.id, staffMember })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(
    directory.by(admin.email).inviteStaff({ partnerId: parent.id, staffMember: { ...staffMember, role: Role.ENTERPRISE_ADMIN } }),
  ).rejects.toMatchObject({
    details: { violations: [{ field: 'staff_member.role', reason: 'ROLE_NOT_ALLOWED' }] },
  });
});

test('associates read names of colleagues, not their addresses', async () => {
  const partner = await givenPartner(directory);
  await givenStaff(directory, partner.id, Role.PARTNER_ADMIN);
  const associate = await givenStaff(directory, partner.id, Role.PARTNER_ASSOCIATE);
  const { staff } = await directory.by(associate.email).listStaff({ partnerId: partner.id });
  expect(staff.map((member) => member.email === '').sort()).toEqual([false, true]);
  expect(staff.every((member) => member.name !== '')).toBe(true);
});

test('an import of staff puts memberships in force at once and twice changes nothing', async () => {
  const partner = await givenPartner(directory);
  const item = (externalId: string, email: string, partnerId = partner.id) => ({
    externalId,
    partnerId,
    staffMember: { name: externalId, email, role: Role.PARTNER_ASSOCIATE },
  });
  const items = [
    item('agent:1', 'a1@partner.example'),
    item('agent:2', 'a2@partner.example'),
    item('agent:3', 'a3@partner.example', newId()),
  ];
  const first = await directory.admin.importStaff({ items });
  expect(first.results.map((result) => result.outcome)).toEqual([
    'IMPORT_OUTCOME_CREATED',
    'IMPORT_OUTCOME_CREATED',
    'IMPORT_OUTCOME_REFUSED',
  ]);
  expect(first.results[2]!.violations[0]).toMatchObject({ field: 'partner_id', reason: 'UNKNOWN_PARTNER' });
  expect((await directory.admin.importStaff({ items })).results.map((result) => result.outcome)).toEqual([
    'IMPORT_OUTCOME_UNCHANGED',
    'IMPORT_OUTCOME_UNCHANGED',
    'IMPORT_OUTCOME_REFUSED',
  ]);
  expect((await directory.by('a1@partner.example').listPartners({})).partners.map((each) => each.id)).toEqual([partner.id]);
});

test('the enterprise is there with its first admin, once', async () => {
  const me = await directory.admin.getMe({});
  expect(me).toMatchObject({ email: ADMIN, memberships: [{ role: Role.ENTERPRISE_ADMIN }] });
});
