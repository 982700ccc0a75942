import { EnrolmentState } from '@openprm/contracts/programsegment';
import { migrateEnrolments, runDueMoves } from '../src/usecases/follow';
import { eventsOf, givenMember, givenPartner, givenProgram, givenPrograms, inTurn, partnershipOf, TERMS, type Programs } from './given';

let programs: Programs;
beforeEach(async () => {
  programs = await givenPrograms();
});
afterEach(() => programs.stop());

const at = (text: string): void => void (programs.clock.now = new Date(text));
const due = (): Promise<number> => runDueMoves(programs.service.deps);
const stateOf = async (id: string): Promise<string> => (await programs.admin.getEnrolment({ id })).state;

test('an invitation ends after thirty days, not before', async () => {
  const program = await givenProgram(programs);
  const { id } = await programs.admin.invitePartner({ partnerId: (await givenPartner(programs)).id, programId: program.id });
  at('2026-04-01T09:59:59.999Z');
  expect([await due(), await stateOf(id)]).toEqual([0, EnrolmentState.INVITED]);
  at('2026-04-01T10:00:00.000Z');
  expect([await due(), await stateOf(id)]).toEqual([1, EnrolmentState.EXPIRED]);
  expect([await due(), await eventsOf(programs, id)]).toEqual([0, ['EnrolmentInvited', 'EnrolmentExpired']]);
});

test('an invitation that has run out cannot be accepted, also before the timer came by', async () => {
  const program = await givenProgram(programs);
  const { adminEmail, partner } = await givenMember(programs, await givenProgram(programs));
  const { id } = await programs.admin.invitePartner({ partnerId: partner.id, programId: program.id });
  at('2026-04-01T10:00:00.000Z');
  await expect(programs.by(adminEmail).acceptEnrolment({ id, acceptedTermsVersion: TERMS })).rejects.toMatchObject({
    reason: 'INVITATION_EXPIRED',
  });
});

test('a notice that has run ends the enrolment and its entitlements', async () => {
  const { enrolment, partner, adminEmail } = await givenMember(programs, await givenProgram(programs), 'GOLD');
  await programs.by(adminEmail).terminateEnrolment({ id: enrolment.id, reason: 'OWN_WISH' });
  at('2026-04-01T10:00:00.000Z');
  expect([await due(), await stateOf(enrolment.id)]).toEqual([1, EnrolmentState.TERMINATED]);
  expect((await partnershipOf(programs, partner.id)).entitlements).toEqual({});
  const { entries } = await programs.admin.getEnrolmentHistory({ id: enrolment.id });
  expect(entries.at(-1)).toMatchObject({
    move: 'terminate',
    side: 'SYSTEM',
    reason: 'NOTICE_RUN',
    fromState: 'ACTIVE',
    toState: 'TERMINATED',
  });
});

test('changed terms suspend whoever has not accepted them in thirty days', async () => {
  const program = await givenProgram(programs);
  const [slow, quick] = [await givenMember(programs, program), await givenMember(programs, program)];
  await programs.admin.createProgramVersion({ id: program.id });
  await programs.admin.updateProgram({ program: { id: program.id, termsVersion: '2026-07' } as never, updateMask: ['terms_version'] });
  await programs.admin.publishProgram({ id: program.id, migrateEnrolments: true });
  await migrateEnrolments(programs.service.deps);
  expect((await programs.by(quick.adminEmail).getEnrolment({ id: quick.enrolment.id })).moves).toContain('acceptTerms');
  await programs.by(quick.adminEmail).acceptEnrolmentTerms({ id: quick.enrolment.id, acceptedTermsVersion: '2026-07' });
  at('2026-04-01T10:00:00.000Z');
  expect(await due()).toBe(1);
  expect([await stateOf(slow.enrolment.id), await stateOf(quick.enrolment.id)]).toEqual([EnrolmentState.SUSPENDED, EnrolmentState.ACTIVE]);
});

test('a partner renews in the last sixty days, an admin at any time; the new term follows the old', async () => {
  const program = await givenProgram(programs);
  const { enrolment, adminEmail } = await givenMember(programs, program);
  const byPartner = () => programs.by(adminEmail).renewEnrolment({ id: enrolment.id, acceptedTermsVersion: TERMS });
  await expect(byPartner()).rejects.toMatchObject({ reason: 'RENEWAL_TOO_EARLY' });
  at('2027-01-02T10:00:00.000Z');
  expect((await byPartner()).termEndTime).toEqual(new Date('2028-03-02T10:00:00.000Z'));
  expect((await programs.admin.renewEnrolment({ id: enrolment.id })).termEndTime).toEqual(new Date('2029-03-02T10:00:00.000Z'));
});

test('many due at once are worked off in batches, by two workers each once', async () => {
  const program = await givenProgram(programs);
  const items = await inTurn(60, async () =>
    programs.admin.invitePartner({ partnerId: (await givenPartner(programs)).id, programId: program.id }),
  );
  at('2026-05-01T00:00:00.000Z');
  const [left, right] = await Promise.all([due(), due()]);
  expect(left + right).toBe(60);
  const expired = (await programs.outbox()).filter((event) => event.type === 'EnrolmentExpired').map((event) => event.key);
  expect(expired.sort()).toEqual(items.map((item) => item.id).sort());
});
