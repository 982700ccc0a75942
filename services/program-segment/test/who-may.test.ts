import { Role } from '@openprm/contracts/partnerdirectory';
import { EnrolmentState } from '@openprm/contracts/programsegment';
import { newId } from '@openprm/postgres';
import {
  EXECUTIVE,
  givenMember,
  givenPartner,
  givenProgram,
  givenPrograms,
  givenStaff,
  MANAGER,
  TERMS,
  type Member,
  type Programs,
} from './given';

let programs: Programs;
let parent: Member;
let child: Member;
let stranger: Member;
let manager: string;
let associate: string;

beforeAll(async () => {
  programs = await givenPrograms();
  const program = await givenProgram(programs, { openForApplication: false });
  parent = await givenMember(programs, program, 'GOLD', { relationshipManagerId: programs.managerId });
  child = await givenMember(programs, program, 'SILVER', { parentId: parent.partner.id });
  stranger = await givenMember(programs, program);
  manager = await givenStaff(programs, parent.partner.id, Role.PARTNER_MANAGER);
  associate = await givenStaff(programs, parent.partner.id, Role.PARTNER_ASSOCIATE);
});
afterAll(() => programs.stop());

const seen = async (email: string, filter = {}) =>
  (await programs.by(email).listEnrolments(filter)).enrolments.map((enrolment) => enrolment.id).sort();
const ids = (...members: Member[]) => members.map((member) => member.enrolment.id).sort();

test('an associate reads its own organisation, a manager and an admin what lies below too, a relationship manager the partners assigned', async () => {
  expect(await seen(associate)).toEqual(ids(parent));
  expect(await seen(manager)).toEqual(ids(parent, child));
  expect(await seen(parent.adminEmail)).toEqual(ids(parent, child));
  expect(await seen(child.adminEmail)).toEqual(ids(child));
  expect(await seen(MANAGER)).toEqual(ids(parent, child));
  expect(await seen(EXECUTIVE)).toEqual(ids(parent, child, stranger));
});

test('asking for a partner never widens what the caller sees', async () => {
  expect(await seen(manager, { partnerId: child.partner.id })).toEqual(ids(child));
  expect(await seen(manager, { partnerId: parent.partner.id, includeDescendants: true })).toEqual(ids(parent, child));
  expect(await seen(manager, { partnerId: stranger.partner.id, includeDescendants: true })).toEqual([]);
  expect(await seen(EXECUTIVE, { partnerId: stranger.partner.id })).toEqual(ids(stranger));
});

test('another partner and one that is not there look the same, in every way of reading', async () => {
  const failure = (call: Promise<unknown>) => call.catch((error: Error) => error);
  for (const email of [associate, manager, parent.adminEmail, MANAGER]) {
    const api = programs.by(email);
    expect(await failure(api.getEnrolment({ id: stranger.enrolment.id }))).toEqual(await failure(api.getEnrolment({ id: newId() })));
    expect(await failure(api.getEnrolmentHistory({ id: stranger.enrolment.id }))).toEqual(
      await failure(api.getEnrolmentHistory({ id: newId() })),
    );
    expect(await failure(api.getPartnership({ partnerId: stranger.partner.id }))).toEqual(
      await failure(api.getPartnership({ partnerId: newId() })),
    );
  }
});

test('moves of the enterprise are refused to partners, and answers of the partner to the enterprise', async () => {
  const { id } = parent.enrolment;
  for (const email of [associate, manager, parent.adminEmail]) {
    await expect(programs.by(email).changeEnrolmentTier({ id, tier: 'PLATINUM', reason: 'X' })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
    await expect(programs.by(email).setEnrolmentOverrides({ id, reason: 'X' })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    await expect(programs.by(email).suspendEnrolment({ id, reason: 'X' })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  }
  for (const email of [associate, manager])
    await expect(programs.by(email).terminateEnrolment({ id, reason: 'X' })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  await expect(programs.admin.acceptEnrolment({ id })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  await expect(programs.by(EXECUTIVE).changeEnrolmentTier({ id, tier: 'PLATINUM', reason: 'X' })).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
  });
  await expect(programs.by('nobody@nowhere.example').listEnrolments({})).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
});

test('a relationship manager moves own partners only, and neither overrides nor reinstates', async () => {
  await expect(programs.by(MANAGER).changeEnrolmentTier({ id: stranger.enrolment.id, tier: 'GOLD', reason: 'X' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  expect((await programs.by(MANAGER).changeEnrolmentTier({ id: child.enrolment.id, tier: 'GOLD', reason: 'EARNED' })).tier).toBe('GOLD');
  await expect(programs.by(MANAGER).setEnrolmentOverrides({ id: child.enrolment.id, reason: 'X' })).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
  });
  await expect(programs.by(MANAGER).reinstateEnrolment({ id: child.enrolment.id })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  const unassigned = await givenPartner(programs);
  await expect(
    programs.by(MANAGER).invitePartner({ partnerId: unassigned.id, programId: child.enrolment.programId }),
  ).rejects.toMatchObject({ reason: 'UNKNOWN_PARTNER' });
  await expect(
    programs.by(MANAGER).invitePartner({ partnerId: child.partner.id, programId: newId(), waiveCriteria: true }),
  ).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
});

test('an admin of a parent answers for a child, never the other way round', async () => {
  const program = await givenProgram(programs);
  const invitation = (member: Member) => programs.admin.invitePartner({ partnerId: member.partner.id, programId: program.id });
  const [forParent, forChild] = [await invitation(parent), await invitation(child)];
  await expect(programs.by(child.adminEmail).acceptEnrolment({ id: forParent.id, acceptedTermsVersion: TERMS })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  expect((await programs.by(parent.adminEmail).acceptEnrolment({ id: forChild.id, acceptedTermsVersion: TERMS })).state).toBe(
    EnrolmentState.ACTIVE,
  );
});

test('a partner reads the history without names of the enterprise and without internal notes', async () => {
  await programs.admin.assignEnrolmentSegments({ id: parent.enrolment.id, note: 'between us' });
  const { entries } = await programs.by(parent.adminEmail).getEnrolmentHistory({ id: parent.enrolment.id });
  expect(entries.map((entry) => [entry.move, entry.side, entry.actorName !== ''])).toEqual([
    ['invite', 'ENTERPRISE', false],
    ['accept', 'PARTNER', true],
    ['assignSegments', 'ENTERPRISE', false],
  ]);
  expect(JSON.stringify(entries.map(({ time: _time, version: _version, ...entry }) => entry))).not.toContain('between us');
  expect((await programs.admin.getEnrolmentHistory({ id: parent.enrolment.id })).entries.at(-1)).toMatchObject({
    internalNote: 'between us',
  });
});

test('the moves shown are those that the caller may make', async () => {
  const movesOf = async (email: string) => (await programs.by(email).getEnrolment({ id: parent.enrolment.id })).moves.sort();
  expect(await movesOf(associate)).toEqual([]);
  expect(await movesOf(parent.adminEmail)).toEqual(['renew', 'terminate']);
  expect(await movesOf(MANAGER)).toEqual(['assignSegments', 'changeTier', 'suspend']);
  expect(await movesOf(EXECUTIVE)).toEqual([]);
});

test('a membership taken away ends the sight of it at once', async () => {
  const directory = await import('@openprm/contracts/partnerdirectory');
  const leaver = {
    id: newId(),
    partnerId: parent.partner.id,
    personId: newId(),
    name: 'Leaver',
    email: 'leaver@partner.example',
    role: Role.PARTNER_MANAGER,
    state: directory.MembershipState.ACTIVE,
    etag: '1',
    createTime: programs.clock.now,
  };
  await programs.deliver(directory.StaffActivated, { staffMember: directory.StaffMember.fromPartial(leaver) });
  expect(await seen(leaver.email)).toContain(parent.enrolment.id);
  await programs.deliver(directory.StaffDeactivated, {
    staffMember: directory.StaffMember.fromPartial({ ...leaver, state: directory.MembershipState.DEACTIVATED, etag: '2' }),
  });
  await expect(programs.by(leaver.email).listEnrolments({})).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
});
