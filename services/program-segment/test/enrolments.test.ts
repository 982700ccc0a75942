import { OrganisationKind, PartnerState, Role } from '@openprm/contracts/partnerdirectory';
import { EnrolmentState } from '@openprm/contracts/programsegment';
import { brokenAuditChains, newId, run } from '@openprm/postgres';
import {
  eventsOf,
  givenMember,
  givenPartner,
  givenProgram,
  givenPrograms,
  givenStaff,
  givenState,
  MANAGER,
  partnershipOf,
  TERMS,
  type Programs,
} from './given';

let programs: Programs;
beforeAll(async () => {
  programs = await givenPrograms();
});
afterAll(() => programs.stop());

test('an invitation is accepted by the partner with its terms, and gives the tier its entitlements', async () => {
  const program = await givenProgram(programs);
  const partner = await givenPartner(programs);
  const admin = await givenStaff(programs, partner.id, Role.PARTNER_ADMIN);
  const invited = await programs.admin.invitePartner({ partnerId: partner.id, programId: program.id, tier: 'GOLD' });
  expect(invited).toMatchObject({
    state: EnrolmentState.INVITED,
    tier: 'GOLD',
    partnerName: partner.name,
    programName: program.name,
    programKind: 'RESELLER',
    programVersion: 1,
  });
  expect((await partnershipOf(programs, partner.id)).entitlements).toEqual({});
  await expect(programs.by(admin).acceptEnrolment({ id: invited.id, acceptedTermsVersion: '2020' })).rejects.toMatchObject({
    reason: 'TERMS_OUTDATED',
  });
  const accepted = await programs.by(admin).acceptEnrolment({ id: invited.id, acceptedTermsVersion: TERMS });
  expect(accepted).toMatchObject({
    state: EnrolmentState.ACTIVE,
    acceptedTermsVersion: TERMS,
    termStartTime: programs.clock.now,
    termEndTime: new Date('2027-03-02T10:00:00.000Z'),
  });
  expect((await partnershipOf(programs, partner.id)).entitlements).toMatchObject({
    'deal.protectionDays': '90',
    'catalog.scope': 'extended',
    'price.rule': 'volume',
    'mdf.enabled': 'true',
  });
  expect(await eventsOf(programs, invited.id)).toEqual(['EnrolmentInvited', 'EnrolmentAccepted']);
  expect(await eventsOf(programs, partner.id)).toEqual(['PartnershipChanged', 'PartnershipChanged']);
});

test('an application is approved by somebody else with a tier, and shown with where each value came from', async () => {
  const program = await givenProgram(programs);
  const partner = await givenPartner(programs, { relationshipManagerId: programs.managerId });
  const admin = await givenStaff(programs, partner.id, Role.PARTNER_ADMIN);
  const applied = await programs
    .by(admin)
    .applyForProgram({ partnerId: partner.id, programId: program.id, acceptedTermsVersion: TERMS, applicationText: 'We sell.' });
  expect(applied).toMatchObject({ state: EnrolmentState.APPLIED, tier: '', moves: [] });
  const approved = await programs.by(MANAGER).approveEnrolment({ id: applied.id, tier: 'SILVER' });
  expect(approved).toMatchObject({ state: EnrolmentState.ACTIVE, tier: 'SILVER' });
  const shown = await programs.by(admin).getPartnership({ partnerId: partner.id });
  expect(shown.enrolments).toMatchObject([
    { programName: program.name, tier: 'SILVER', tierRank: 2, settings: { termMonths: 12, orderLimits: [] } },
  ]);
  expect(shown.resolvedEntitlements).toContainEqual({
    key: 'quote.maxDiscountPct',
    value: '5',
    source: 'ENTITLEMENT_SOURCE_TIER',
    sourceCode: 'SILVER',
    enrolmentId: applied.id,
  });
});

test('whoever applied does not approve, also with both hats on', async () => {
  const program = await givenProgram(programs);
  const partner = await givenPartner(programs, { relationshipManagerId: programs.managerId });
  await givenStaff(programs, partner.id, Role.PARTNER_ADMIN, { email: MANAGER, personId: programs.managerId });
  const { id } = await programs.by(MANAGER).applyForProgram({ partnerId: partner.id, programId: program.id, acceptedTermsVersion: TERMS });
  await expect(programs.by(MANAGER).approveEnrolment({ id })).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
    reason: 'SECOND_PERSON_NEEDED',
  });
  expect((await programs.admin.approveEnrolment({ id })).state).toBe(EnrolmentState.ACTIVE);
});

test('a tier changed by hand switches entitlements at once, and tells why', async () => {
  const { enrolment, partner } = await givenMember(programs, await givenProgram(programs));
  const changed = await programs.admin.changeEnrolmentTier({ id: enrolment.id, tier: 'PLATINUM', reason: 'EARNED', comment: 'Well done' });
  expect(changed.tier).toBe('PLATINUM');
  const told = (await programs.outbox()).filter((event) => event.key === enrolment.id || event.key === partner.id).slice(-2);
  expect(told).toMatchObject([
    { type: 'EnrolmentTierChanged', value: { previousTier: 'BRONZE', reason: 'EARNED', enrolment: { tier: 'PLATINUM' } } },
    {
      type: 'PartnershipChanged',
      value: {
        partnership: {
          entitlements: { 'deal.protectionDays': '120', 'deal.maxOpenUnproven': '80', 'support.level': 'dedicated' },
          version: '3',
        },
      },
    },
  ]);
  await expect(programs.admin.changeEnrolmentTier({ id: enrolment.id, tier: 'PLATINUM', reason: 'X' })).rejects.toMatchObject({
    reason: 'NO_CHANGE',
  });
  await expect(programs.admin.changeEnrolmentTier({ id: enrolment.id, tier: 'DIAMOND', reason: 'X' })).rejects.toMatchObject({
    details: { violations: [{ field: 'tier', reason: 'UNKNOWN_TIER' }] },
  });
});

test('segments and overrides beat the tier; a partner reads the outcome and not the override', async () => {
  const segment = await programs.admin.createSegment({
    segment: { code: 'SECURITY', label: 'Security', kind: 'SEGMENT_KIND_SPECIALISATION' } as never,
  });
  const program = await givenProgram(programs, {
    segments: [segment.code],
    entitlements: [
      { source: 'ENTITLEMENT_SOURCE_PROGRAM', code: '', key: 'deal.protectionDays', value: '60' },
      { source: 'ENTITLEMENT_SOURCE_SEGMENT', code: 'SECURITY', key: 'deal.protectionDays', value: '100' },
      { source: 'ENTITLEMENT_SOURCE_TIER', code: 'BRONZE', key: 'deal.protectionDays', value: '150' },
    ] as never,
  });
  const { enrolment, partner, adminEmail } = await givenMember(programs, program);
  const days = async () => (await partnershipOf(programs, partner.id)).entitlements['deal.protectionDays'];
  expect(await days()).toBe('150');
  await programs.admin.assignEnrolmentSegments({ id: enrolment.id, segments: ['SECURITY'] });
  expect(await days()).toBe('100');
  await programs.admin.setEnrolmentOverrides({
    id: enrolment.id,
    overrides: [{ key: 'deal.protectionDays', value: '45' }],
    reason: 'NEGOTIATED',
  });
  expect(await days()).toBe('45');
  expect((await programs.by(adminEmail).getEnrolment({ id: enrolment.id })).overrides).toEqual([]);
  expect((await programs.admin.getEnrolment({ id: enrolment.id })).overrides).toHaveLength(1);
  await expect(
    programs.admin.setEnrolmentOverrides({ id: enrolment.id, overrides: [{ key: 'deal.protectionDays', value: 'many' }], reason: 'X' }),
  ).rejects.toMatchObject({ reason: 'INVALID_ENTITLEMENT_VALUE' });
});

test('a suspended partner loses its entitlements, a reinstated one has them back; what people suspended stays so', async () => {
  const program = await givenProgram(programs);
  const first = await givenMember(programs, program, 'GOLD');
  const second = await programs.admin.invitePartner({ partnerId: first.partner.id, programId: (await givenProgram(programs)).id });
  await programs.by(first.adminEmail).acceptEnrolment({ id: second.id, acceptedTermsVersion: TERMS });
  await programs.admin.suspendEnrolment({ id: second.id, reason: 'COMPLIANCE' });
  const suspended = await givenState(programs, first.partner, PartnerState.SUSPENDED);
  expect(await partnershipOf(programs, first.partner.id)).toMatchObject({
    partnerState: PartnerState.SUSPENDED,
    entitlements: {},
    enrolments: [{ state: EnrolmentState.SUSPENDED }, { state: EnrolmentState.SUSPENDED }],
  });
  await expect(programs.admin.reinstateEnrolment({ id: second.id })).rejects.toMatchObject({ reason: 'PARTNER_NOT_ACTIVE' });
  await givenState(programs, suspended, PartnerState.ACTIVE);
  expect(await partnershipOf(programs, first.partner.id)).toMatchObject({
    entitlements: { 'deal.protectionDays': '90' },
    enrolments: [{ state: EnrolmentState.ACTIVE }, { state: EnrolmentState.SUSPENDED }],
  });
  expect(await eventsOf(programs, first.enrolment.id)).toEqual([
    'EnrolmentInvited',
    'EnrolmentAccepted',
    'EnrolmentSuspended',
    'EnrolmentReinstated',
  ]);
});

test('an old event of the partner that comes late changes nothing', async () => {
  const { partner } = await givenMember(programs, await givenProgram(programs));
  const suspended = await givenState(programs, partner, PartnerState.SUSPENDED);
  const before = await eventsOf(programs, partner.id);
  await givenState(programs, { ...partner, etag: '0' }, PartnerState.ACTIVE);
  expect(await eventsOf(programs, partner.id)).toEqual(before);
  expect((await partnershipOf(programs, partner.id)).partnerState).toBe(suspended.state);
});

test('a terminated partner loses everything that was open', async () => {
  const { partner, enrolment } = await givenMember(programs, await givenProgram(programs));
  const invited = await programs.admin.invitePartner({ partnerId: partner.id, programId: (await givenProgram(programs)).id });
  await givenState(programs, partner, PartnerState.TERMINATED);
  expect((await programs.admin.getEnrolment({ id: enrolment.id })).state).toBe(EnrolmentState.TERMINATED);
  expect((await programs.admin.getEnrolment({ id: invited.id })).state).toBe(EnrolmentState.EXPIRED);
  expect(await partnershipOf(programs, partner.id)).toMatchObject({ enrolments: [], entitlements: {} });
});

test('a partner leaves with notice, the enterprise ends at once', async () => {
  const program = await givenProgram(programs);
  const { enrolment, adminEmail } = await givenMember(programs, program);
  const noticed = await programs.by(adminEmail).terminateEnrolment({ id: enrolment.id, reason: 'OWN_WISH' });
  expect(noticed).toMatchObject({ state: EnrolmentState.ACTIVE, exitTime: new Date('2026-04-01T10:00:00.000Z') });
  const other = await givenMember(programs, program);
  expect((await programs.admin.terminateEnrolment({ id: other.enrolment.id, reason: 'BREACH' })).state).toBe(EnrolmentState.TERMINATED);
  await expect(programs.admin.terminateEnrolment({ id: other.enrolment.id, reason: 'BREACH' })).rejects.toMatchObject({
    reason: 'ILLEGAL_MOVE',
    details: { metadata: { moves: '' } },
  });
});

test('below a sponsor that takes part, a partner may apply also when the program is by invitation only', async () => {
  const program = await givenProgram(programs, { openForApplication: false });
  const sponsor = await givenMember(programs, program);
  const child = await givenPartner(programs, { parentId: sponsor.partner.id });
  const application = { partnerId: child.id, programId: program.id, acceptedTermsVersion: TERMS };
  const childAdmin = await givenStaff(programs, child.id, Role.PARTNER_ADMIN);
  await expect(programs.by(childAdmin).applyForProgram(application)).rejects.toMatchObject({
    details: { violations: [{ reason: 'UNKNOWN_PROGRAM' }] },
  });
  const applied = await programs.by(sponsor.adminEmail).applyForProgram({ ...application, sponsorPartnerId: sponsor.partner.id });
  expect(applied).toMatchObject({ partnerId: child.id, sponsorPartnerId: sponsor.partner.id });
  const stranger = await givenMember(programs, program);
  const other = await givenPartner(programs);
  const otherAdmin = await givenStaff(programs, other.id, Role.PARTNER_ADMIN);
  await expect(
    programs.by(otherAdmin).applyForProgram({ ...application, partnerId: other.id, sponsorPartnerId: stranger.partner.id }),
  ).rejects.toMatchObject({ reason: 'UNKNOWN_PROGRAM' });
});

test('a partner takes part in a program once, whatever the race, and again after it ended', async () => {
  const program = await givenProgram(programs);
  const partner = await givenPartner(programs);
  const race = await Promise.allSettled(
    Array.from({ length: 8 }, () => programs.admin.invitePartner({ partnerId: partner.id, programId: program.id })),
  );
  expect(race.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  expect(race.filter((outcome) => outcome.status === 'rejected').map((outcome) => (outcome.reason as { reason: string }).reason)).toEqual(
    Array.from({ length: 7 }, () => 'ALREADY_ENROLLED'),
  );
  expect(await eventsOf(programs, partner.id)).toEqual(['PartnershipChanged']);
  const admin = await givenStaff(programs, partner.id, Role.PARTNER_ADMIN);
  const [invited] = (await programs.admin.listEnrolments({ partnerId: partner.id })).enrolments;
  await programs.by(admin).declineEnrolment({ id: invited!.id, reason: 'LATER' });
  expect(
    (await programs.by(admin).applyForProgram({ partnerId: partner.id, programId: program.id, acceptedTermsVersion: TERMS })).state,
  ).toBe(EnrolmentState.APPLIED);
});

test('changes of one partner at once are all kept, and each is told with a greater version', async () => {
  const [left, right] = [await givenProgram(programs), await givenProgram(programs)];
  const partner = await givenPartner(programs);
  const invitations = await Promise.all(
    [left, right].map((program) => programs.admin.invitePartner({ partnerId: partner.id, programId: program.id })),
  );
  expect(invitations).toHaveLength(2);
  expect((await partnershipOf(programs, partner.id)).enrolments).toHaveLength(2);
  const versions = (await programs.outbox())
    .filter((event) => event.key === partner.id)
    .map((event) => (event.value['partnership'] as { version: string }).version);
  expect(versions).toEqual(['1', '2']);
});

test('of two moves on one version exactly one wins, and the other leaves nothing', async () => {
  const { enrolment } = await givenMember(programs, await givenProgram(programs));
  const race = await Promise.allSettled(
    ['SILVER', 'GOLD'].map((tier) =>
      programs.admin.changeEnrolmentTier({ id: enrolment.id, tier, reason: 'EARNED', etag: enrolment.etag }),
    ),
  );
  expect(race.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(race.find((outcome) => outcome.status === 'rejected')).toMatchObject({ reason: { code: 'ABORTED' } });
  expect(await eventsOf(programs, enrolment.id)).toEqual(['EnrolmentInvited', 'EnrolmentAccepted', 'EnrolmentTierChanged']);
  expect(await run(programs.service.database, 'select 1 from audit_log where aggregate_id = $1', [enrolment.id])).toHaveLength(3);
});

test('a repeated request acts once and gives the first answer; its key with another body is refused', async () => {
  const { enrolment } = await givenMember(programs, await givenProgram(programs));
  const request = { id: enrolment.id, tier: 'GOLD', reason: 'EARNED', requestId: newId() };
  const twice = await Promise.all([1, 2].map(() => programs.admin.changeEnrolmentTier(request)));
  expect(twice[0]).toEqual(twice[1]);
  await expect(programs.admin.changeEnrolmentTier({ ...request, tier: 'SILVER' })).rejects.toMatchObject({
    reason: 'IDEMPOTENCY_KEY_REUSED',
  });
});

test('a refused move leaves neither row, audit nor event', async () => {
  const { enrolment, partner } = await givenMember(programs, await givenProgram(programs));
  const before = [await eventsOf(programs, enrolment.id), await eventsOf(programs, partner.id)];
  await expect(programs.admin.rejectEnrolment({ id: enrolment.id, reason: 'X' })).rejects.toMatchObject({
    reason: 'ILLEGAL_MOVE',
    details: { metadata: { state: 'ACTIVE' } },
  });
  await expect(programs.admin.changeEnrolmentTier({ id: enrolment.id, tier: 'NOWHERE', reason: 'X' })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
  expect([await eventsOf(programs, enrolment.id), await eventsOf(programs, partner.id)]).toEqual(before);
  expect((await programs.admin.getEnrolment({ id: enrolment.id })).etag).toBe(enrolment.etag);
});

test('an import answers each item on its own, and again changes nothing', async () => {
  const program = await givenProgram(programs);
  const [first, second] = [await givenPartner(programs), await givenPartner(programs)];
  const item = (partnerId: string, externalId: string, tier = '') => ({
    externalId,
    partnerId,
    programId: program.id,
    tier,
    segments: [],
    termStartTime: new Date('2025-06-30T00:00:00Z'),
  });
  const items = [item(first.id, 'crm:1', 'GOLD'), item(newId(), 'crm:2'), item(second.id, 'crm:3', 'NOWHERE'), item(first.id, 'crm:4')];
  const outcomes = ['IMPORT_OUTCOME_CREATED', 'IMPORT_OUTCOME_REFUSED', 'IMPORT_OUTCOME_REFUSED', 'IMPORT_OUTCOME_REFUSED'];
  expect((await programs.admin.importEnrolments({ items, validateOnly: true })).results.map((result) => result.outcome)).toEqual(outcomes);
  expect((await partnershipOf(programs, first.id)).enrolments).toHaveLength(0);
  const { results } = await programs.admin.importEnrolments({ items });
  expect(results.map((result) => result.outcome)).toEqual(outcomes);
  expect(results.slice(1).map((result) => result.violations[0]!.reason)).toEqual(['UNKNOWN_PARTNER', 'UNKNOWN_TIER', 'ALREADY_ENROLLED']);
  expect((await programs.admin.importEnrolments({ items })).results[0]).toMatchObject({
    outcome: 'IMPORT_OUTCOME_UNCHANGED',
    id: results[0]!.id,
  });
  expect(await programs.admin.getEnrolment({ id: results[0]!.id })).toMatchObject({
    state: EnrolmentState.ACTIVE,
    tier: 'GOLD',
    termEndTime: new Date('2026-06-30T00:00:00Z'),
  });
});

test('the enterprise itself cannot be enrolled', async () => {
  const program = await givenProgram(programs);
  const internal = await givenPartner(programs, { kind: OrganisationKind.INTERNAL });
  await expect(programs.admin.invitePartner({ partnerId: internal.id, programId: program.id })).rejects.toMatchObject({
    reason: 'UNKNOWN_PARTNER',
  });
});

test('every change has one audit row, and the chain of each record holds', async () => {
  const { database } = programs.service;
  expect(await brokenAuditChains(database)).toEqual([]);
  const unequal = await run(
    database,
    'select id from enrolments e where version <> (select count(*) from audit_log a where a.aggregate_id = e.id)',
  );
  expect(unequal).toEqual([]);
  await expect(run(database, `update audit_log set at = now()`)).rejects.toThrow('append-only');
});

test('text that the database cannot hold is refused as such', async () => {
  const attempt = programs.admin.createSegment({
    segment: { code: 'NUL', label: 'a\u0000b', kind: 'SEGMENT_KIND_SPECIALISATION' } as never,
  });
  await expect(attempt).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  await expect(programs.admin.listPrograms({ search: 'a\u0000b' })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});
