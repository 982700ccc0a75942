import { Role } from '@openprm/contracts/partnerdirectory';
import { ProgramState, type Program } from '@openprm/contracts/programsegment';
import { newId, run } from '@openprm/postgres';
import { migrateEnrolments } from '../src/usecases/follow';
import {
  ADMIN,
  eventsOf,
  EXECUTIVE,
  givenMember,
  givenPartner,
  givenProgram,
  givenPrograms,
  givenStaff,
  inTurn,
  partnershipOf,
  type Programs,
} from './given';

let programs: Programs;
beforeAll(async () => {
  programs = await givenPrograms();
});
afterAll(() => programs.stop());

const draft = (fields: Partial<Program> = {}) =>
  programs.admin.createProgram({ program: { name: 'Draft', kind: 'RESELLER', ...fields } as Program });

test('the five kinds and the four tiers come with the product; an admin adds more', async () => {
  expect((await programs.admin.listProgramKinds({})).programKinds.map((kind) => kind.code)).toEqual([
    'AUTHORIZED_TRAINING',
    'BUILD',
    'REFERRAL',
    'RESELLER',
    'SERVICE_PROVIDER',
  ]);
  await programs.admin.createProgramKind({ programKind: { code: 'MARKETPLACE', label: 'Marketplace' } });
  await expect(programs.admin.createProgramKind({ programKind: { code: 'MARKETPLACE', label: 'Again' } })).rejects.toMatchObject({
    code: 'ALREADY_EXISTS',
    reason: 'CODE_TAKEN',
  });
  const tiers = await programs.admin.listSegments({ kinds: ['SEGMENT_KIND_TIER'] as never });
  expect(tiers.segments.map((segment) => segment.code).sort()).toEqual(['BRONZE', 'GOLD', 'PLATINUM', 'SILVER']);
});

test('a program made from a name and a kind has the default tiers, table and limits', async () => {
  const program = await draft({ baseCurrency: 'EUR' });
  expect(program).toMatchObject({ state: ProgramState.DRAFT, version: 1, defaultTier: 'BRONZE', moves: ['edit', 'publish', 'retire'] });
  expect(program.tiers.map((tier) => [tier.code, tier.label, tier.rank])).toEqual([
    ['BRONZE', 'Bronze', 1],
    ['SILVER', 'Silver', 2],
    ['GOLD', 'Gold', 3],
    ['PLATINUM', 'Platinum', 4],
  ]);
  const table = (key: string) => program.entitlements.filter((row) => row.key === key).map((row) => [row.code, row.value]);
  expect(table('deal.protectionDays')).toEqual([
    ['', '60'],
    ['BRONZE', '60'],
    ['GOLD', '90'],
    ['PLATINUM', '120'],
    ['SILVER', '75'],
  ]);
  expect(table('quote.maxDiscountPct')).toEqual([
    ['', '0'],
    ['BRONZE', '0'],
    ['GOLD', '10'],
    ['PLATINUM', '15'],
    ['SILVER', '5'],
  ]);
  expect(program.settings!.orderLimits.map((limit) => [limit.tier, limit.amount!.units, limit.amount!.currencyCode])).toEqual([
    ['BRONZE', 10_000n, 'EUR'],
    ['SILVER', 25_000n, 'EUR'],
    ['GOLD', 100_000n, 'EUR'],
    ['PLATINUM', 250_000n, 'EUR'],
  ]);
  expect(program.settings).toMatchObject({
    termMonths: 12,
    protectionMinDays: 30,
    protectionMaxDays: 180,
    protectionNoticeDays: [14, 7, 1],
    disclosure: 'DISCLOSURE_EXISTS',
  });
  expect(await eventsOf(programs, program.versionId)).toEqual(['ProgramCreated']);
});

test('a program that contradicts itself is refused with every fault by its field', async () => {
  const wrong = draft({
    kind: 'UNHEARD',
    defaultTier: 'GOLD',
    tiers: [
      { code: 'BRONZE', label: '', rank: 1 },
      { code: 'UNKNOWN', label: '', rank: 1 },
    ],
    segments: ['NOWHERE'],
    entitlements: [
      { source: 'ENTITLEMENT_SOURCE_TIER', code: 'SILVER', key: 'deal.protectionDays', value: '9999' },
      { source: 'ENTITLEMENT_SOURCE_PROGRAM', code: '', key: 'free.lunch', value: 'yes' },
    ],
    dealTypes: [{ dealType: 'RESALE', tiers: ['GOLD'], sellingModel: '' }],
  } as never);
  const refusal = (await wrong.catch((error: unknown) => error)) as {
    code: string;
    details: { violations: { field: string; reason: string }[] };
  };
  expect(refusal.code).toBe('INVALID_ARGUMENT');
  expect(refusal.details.violations.map((violation) => [violation.field, violation.reason])).toEqual([
    ['program.kind', 'UNKNOWN_PROGRAM_KIND'],
    ['program.tiers[1].code', 'UNKNOWN_TIER'],
    ['program.tiers[1]', 'INCONSISTENT_PROGRAM'],
    ['program.default_tier', 'UNKNOWN_TIER'],
    ['program.segments[0]', 'UNKNOWN_SEGMENT'],
    ['program.entitlements[0].code', 'UNKNOWN_TIER'],
    ['program.entitlements[1]', 'UNKNOWN_ENTITLEMENT'],
    ['program.deal_types[0].tiers', 'UNKNOWN_TIER'],
    ['program.entitlements', 'INCONSISTENT_PROGRAM'],
  ]);
});

test('a draft is edited field by field, and one setting without the others', async () => {
  const { id, etag } = await draft();
  const edited = await programs.admin.updateProgram({
    program: { id, name: 'Renamed', settings: { disclosure: 'DISCLOSURE_NOTHING' } } as never,
    updateMask: ['name', 'settings.disclosure'],
    etag,
  });
  expect(edited).toMatchObject({ name: 'Renamed', kind: 'RESELLER', settings: { disclosure: 'DISCLOSURE_NOTHING', termMonths: 12 } });
  expect(edited.settings!.orderLimits).toHaveLength(4);
  await expect(programs.admin.updateProgram({ program: { id, name: 'Stale' } as never, updateMask: ['name'], etag })).rejects.toMatchObject(
    { code: 'ABORTED' },
  );
});

test('a published version never changes; a new one is a copy with the next number', async () => {
  const { id } = await givenProgram(programs, { name: 'Fixed' });
  await expect(programs.admin.updateProgram({ program: { id, name: 'Other' } as never, updateMask: ['name'] })).rejects.toMatchObject({
    reason: 'VERSION_IMMUTABLE',
  });
  const next = await programs.admin.createProgramVersion({ id });
  expect(next).toMatchObject({ id, version: 2, name: 'Fixed', state: ProgramState.DRAFT });
  await expect(programs.admin.createProgramVersion({ id })).rejects.toMatchObject({ reason: 'DRAFT_EXISTS' });
  await programs.admin.publishProgram({ id });
  expect((await programs.admin.listProgramVersions({ id })).versions.map((version) => [version.version, version.state])).toEqual([
    [2, ProgramState.PUBLISHED],
    [1, ProgramState.RETIRED],
  ]);
  const { entries } = await programs.admin.getProgramHistory({ id });
  // All of this happens at one instant of the test's clock, so the versions follow each other.
  expect(entries.map((entry) => [entry.move, entry.fromState, entry.toState])).toEqual([
    ['create', '', 'DRAFT'],
    ['publish', 'DRAFT', 'PUBLISHED'],
    ['supersede', 'PUBLISHED', 'RETIRED'],
    ['newVersion', '', 'DRAFT'],
    ['publish', 'DRAFT', 'PUBLISHED'],
  ]);
  await expect(run(programs.service.database, `update programs set terms = '{}' where program_id = $1`, [id])).rejects.toThrow(
    'never changes',
  );
});

test('of two admins who start a new version at once one has it', async () => {
  const { id } = await givenProgram(programs);
  const race = await Promise.allSettled([1, 2, 3].map(() => programs.admin.createProgramVersion({ id })));
  expect(race.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  expect((await programs.admin.listProgramVersions({ id })).versions).toHaveLength(2);
});

test('without being told to, members keep the version they have', async () => {
  const program = await givenProgram(programs);
  const { enrolment } = await givenMember(programs, program, 'GOLD');
  await programs.admin.createProgramVersion({ id: program.id });
  await programs.admin.publishProgram({ id: program.id });
  expect(await migrateEnrolments(programs.service.deps)).toBe(0);
  expect((await programs.admin.getEnrolment({ id: enrolment.id })).programVersion).toBe(1);
});

test('one change of a tier reaches every member, each told once', async () => {
  const program = await givenProgram(programs);
  const members = await inTurn(30, () => givenMember(programs, program, 'GOLD'));
  const next = await programs.admin.createProgramVersion({ id: program.id });
  const entitlements = next.entitlements.map((row) =>
    row.code === 'GOLD' && row.key === 'deal.protectionDays' ? { ...row, value: '110' } : row,
  );
  await programs.admin.updateProgram({ program: { ...next, entitlements }, updateMask: ['entitlements'] });
  await programs.admin.publishProgram({ id: program.id, migrateEnrolments: true });
  const touched = await Promise.all([migrateEnrolments(programs.service.deps), migrateEnrolments(programs.service.deps)]);
  expect(touched[0] + touched[1]).toBe(30);
  for (const { enrolment, partner } of members) {
    expect(await eventsOf(programs, enrolment.id)).toEqual(['EnrolmentInvited', 'EnrolmentAccepted', 'EnrolmentMigrated']);
    expect((await partnershipOf(programs, partner.id)).entitlements['deal.protectionDays']).toBe('110');
  }
  expect(await migrateEnrolments(programs.service.deps)).toBe(0);
});

test('a retired program takes nobody new; its members keep their terms', async () => {
  const program = await givenProgram(programs);
  const { partner } = await givenMember(programs, program, 'GOLD');
  await expect(programs.admin.retireProgram({ id: program.id })).rejects.toMatchObject({ details: { violations: [{ field: 'reason' }] } });
  await programs.admin.retireProgram({ id: program.id, reason: 'REPLACED' });
  const other = await givenPartner(programs);
  await expect(programs.admin.invitePartner({ partnerId: other.id, programId: program.id })).rejects.toMatchObject({
    reason: 'PROGRAM_NOT_PUBLISHED',
  });
  expect((await partnershipOf(programs, partner.id)).entitlements['deal.protectionDays']).toBe('90');
});

test('partners see what is published and open, and what they take part in; of settings only what concerns them', async () => {
  const [open, closed, mine] = [
    await givenProgram(programs),
    await givenProgram(programs, { openForApplication: false }),
    await givenProgram(programs, { openForApplication: false }),
  ];
  const unpublished = await draft({ openForApplication: true });
  const { partner, adminEmail } = await givenMember(programs, mine);
  const associate = await givenStaff(programs, partner.id, Role.PARTNER_ASSOCIATE);
  for (const email of [adminEmail, associate]) {
    const seen = (await programs.by(email).listPrograms({ pageSize: 100 })).programs.map((program) => program.id);
    expect(seen).toEqual(expect.arrayContaining([open.id, mine.id]));
    expect(seen).not.toContain(closed.id);
    expect(seen).not.toContain(unpublished.id);
  }
  const shown = await programs.by(adminEmail).getProgram({ id: mine.id });
  expect(shown).toMatchObject({
    moves: [],
    settings: { exitNoticeDays: 30, orderLimits: [], disclosure: 'DISCLOSURE_UNSPECIFIED', firstOrdersReviewed: 0 },
  });
  const missing = await programs
    .by(adminEmail)
    .getProgram({ id: newId() })
    .catch((error: Error) => error);
  expect(
    await programs
      .by(adminEmail)
      .getProgram({ id: closed.id })
      .catch((error: Error) => error),
  ).toEqual(missing);
  await expect(programs.by(adminEmail).listProgramVersions({ id: mine.id })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
});

test('who is retired with a version can still read the version that holds for it', async () => {
  const program = await givenProgram(programs, { openForApplication: false });
  const { adminEmail } = await givenMember(programs, program);
  await programs.admin.retireProgram({ id: program.id, reason: 'REPLACED' });
  expect((await programs.by(adminEmail).getProgram({ id: program.id })).state).toBe(ProgramState.RETIRED);
});

test('an executive reads definitions and changes nothing', async () => {
  const program = await givenProgram(programs);
  expect((await programs.by(EXECUTIVE).getProgram({ id: program.id })).settings!.orderLimits).toHaveLength(4);
  await expect(programs.by(EXECUTIVE).publishProgram({ id: program.id })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
});

test('a segment is changed, and its code is taken once', async () => {
  const segment = await programs.admin.createSegment({
    segment: { code: 'HEALTH', label: 'Health', kind: 'SEGMENT_KIND_MARKET_FOCUS' } as never,
  });
  await expect(
    programs.admin.createSegment({ segment: { code: 'HEALTH', label: 'Again', kind: 'SEGMENT_KIND_MARKET_FOCUS' } as never }),
  ).rejects.toMatchObject({ code: 'ALREADY_EXISTS', reason: 'CODE_TAKEN' });
  const updated = await programs.admin.updateSegment({
    segment: { id: segment.id, label: 'Healthcare' } as never,
    updateMask: ['label'],
    etag: segment.etag,
  });
  expect(updated).toMatchObject({ code: 'HEALTH', label: 'Healthcare' });
  expect(await eventsOf(programs, segment.id)).toEqual(['SegmentCreated', 'SegmentUpdated']);
});

test('a list walks through all pages without a gap or a repeat', async () => {
  const seen: string[] = [];
  let pageToken = '';
  do {
    const page = await programs.by(ADMIN).listPrograms({ pageSize: 3, pageToken });
    seen.push(...page.programs.map((program) => program.versionId));
    pageToken = page.nextPageToken;
  } while (pageToken);
  const all = await run<{ id: string }>(
    programs.service.database,
    `select id from programs where state in ('DRAFT', 'PUBLISHED') order by created_at desc, id desc`,
  );
  expect(seen).toEqual(all.map((row) => row.id));
});
