import { Role } from '@openprm/contracts/partnerdirectory';
import type { Program } from '@openprm/contracts/programsegment';
import { recordCalls, recordStatements, run } from '@openprm/postgres';
import { givenMember, givenPartner, givenProgram, givenPrograms, givenStaff, inTurn, TERMS, type Member, type Programs } from './given';
import { migrateEnrolments, runDueMoves } from '../src/usecases/follow';

let programs: Programs;
let program: Program;
let member: Member;

beforeAll(async () => {
  programs = await givenPrograms();
  program = await givenProgram(programs);
  member = await givenMember(programs, program, 'GOLD');
});
afterAll(() => programs.stop());

/** Statements of a request besides BEGIN and COMMIT, the caller's grants, which are kept for a second, and the service's look after itself. */
const statementsOf = async (work: () => Promise<unknown>): Promise<number> =>
  (await recordStatements(work)).filter((sql) => sql !== 'select 1' && !sql.includes('from access_memberships m')).length;

test('writes cost few statements: invite and apply three, approve three, change of tier three, create a program two', async () => {
  const partner = await givenPartner(programs);
  const admin = await givenStaff(programs, partner.id, Role.PARTNER_ADMIN);
  let id = '';
  expect(
    await statementsOf(
      async () =>
        (id = (await programs.by(admin).applyForProgram({ partnerId: partner.id, programId: program.id, acceptedTermsVersion: TERMS })).id),
    ),
  ).toBe(3);
  expect(await statementsOf(() => programs.admin.approveEnrolment({ id }))).toBe(3);
  expect(await statementsOf(() => programs.admin.changeEnrolmentTier({ id, tier: 'GOLD', reason: 'EARNED' }))).toBe(3);
  expect(await statementsOf(() => programs.admin.createProgram({ program: { name: 'Counted', kind: 'BUILD' } as Program }))).toBe(2);
});

test('reads cost one statement, a history two', async () => {
  const { id } = member.enrolment;
  expect(await statementsOf(() => programs.admin.listEnrolments({}))).toBe(1);
  expect(await statementsOf(() => programs.by(member.adminEmail).listEnrolments({}))).toBe(1);
  expect(await statementsOf(() => programs.admin.getEnrolment({ id }))).toBe(1);
  expect(await statementsOf(() => programs.admin.listPrograms({}))).toBe(1);
  expect(await statementsOf(() => programs.by(member.adminEmail).getProgram({ id: program.id }))).toBe(1);
  expect(await statementsOf(() => programs.admin.getPartnership({ partnerId: member.partner.id }))).toBe(1);
  expect(await statementsOf(() => programs.admin.getEnrolmentHistory({ id }))).toBe(2);
});

test('an import of many costs no more statements than one of few', async () => {
  const items = await inTurn(40, async (at) => ({
    externalId: `count:${at}`,
    partnerId: (await givenPartner(programs)).id,
    programId: program.id,
    tier: '',
    segments: [],
  }));
  const few = await statementsOf(() => programs.admin.importEnrolments({ items: items.slice(0, 1) }));
  expect(await statementsOf(() => programs.admin.importEnrolments({ items }))).toBe(few);
});

describe('on 20,000 enrolments of 2,000 partners', () => {
  beforeAll(async () => {
    const { database } = programs.service;
    await run(
      database,
      `insert into access_partners select gen_random_uuid(), 'Partner ' || n, 'EXTERNAL', 'ACTIVE', null, null, 'DE', '', 1 from generate_series(1, 2000) n`,
    );
    await run(
      database,
      `insert into enrolments (id, version, partner_id, program_id, program_number, state, tier, segments, overrides, application_text, state_reason, accepted_terms_version, criteria_waived, invitation_expires_at, created_at, updated_at)
       select gen_random_uuid(), 1, p.id, $1, 1, case when n = 1 then 'ACTIVE' else 'DECLINED' end, 'GOLD', '{}', '[]', '', '', '', false, null, now() - n * interval '1 hour', now()
       from access_partners p, generate_series(1, 10) n where p.kind = 'EXTERNAL' and not exists (select 1 from enrolments e where e.partner_id = p.id)`,
      [program.id],
    );
    await run(
      database,
      `insert into programs (id, version, program_id, number, state, name, kind, open_for_application, terms, migrates_enrolments, created_at, updated_at)
       select gen_random_uuid(), 1, gen_random_uuid(), 1, case when n % 4 = 0 then 'PUBLISHED' else 'RETIRED' end, 'Old ' || n, 'BUILD', true, (select terms from programs limit 1), false, now() - n * interval '1 hour', now() from generate_series(1, 5000) n`,
    );
    await run(database, 'analyze enrolments');
    await run(database, 'analyze programs');
    await run(database, 'analyze access_partners');
  });

  /** Whole-table walks in the plans of the statements that `work` ran. */
  const scansOf = async (work: () => Promise<unknown>): Promise<string[]> => {
    const calls = (await recordCalls(work)).filter(({ sql }) => /from (enrolments|programs)/.test(sql));
    expect(calls).not.toEqual([]);
    const plans = await Promise.all(
      calls.map(({ sql, params }) => run<{ 'QUERY PLAN': string }>(programs.service.database, `explain ${sql}`, params)),
    );
    return plans
      .flat()
      .map((row) => row['QUERY PLAN'])
      .filter((line) => /Seq Scan on (enrolments|programs)/.test(line));
  };

  test('every list and every look for due work goes by an index', async () => {
    for (const email of ['admin@enterprise.example', member.adminEmail]) {
      const api = programs.by(email);
      expect(await scansOf(() => api.listEnrolments({}))).toEqual([]);
      expect(await scansOf(() => api.listEnrolments({ partnerId: member.partner.id, includeDescendants: true }))).toEqual([]);
      expect(await scansOf(() => api.listEnrolments({ programId: program.id, states: ['ENROLMENT_STATE_ACTIVE'] as never }))).toEqual([]);
      expect(await scansOf(() => api.listPrograms({}))).toEqual([]);
      expect(await scansOf(() => api.getProgram({ id: program.id }))).toEqual([]);
      expect(await scansOf(() => api.getPartnership({ partnerId: member.partner.id }))).toEqual([]);
    }
    expect(await scansOf(() => runDueMoves(programs.service.deps))).toEqual([]);
    expect(await scansOf(() => migrateEnrolments(programs.service.deps))).toEqual([]);
  });

  test('a page deep down costs what the first costs, and holds what it should', async () => {
    const first = await programs.admin.listEnrolments({ pageSize: 100 });
    const second = await programs.admin.listEnrolments({ pageSize: 100, pageToken: first.nextPageToken });
    expect(new Set([...first.enrolments, ...second.enrolments].map((enrolment) => enrolment.id)).size).toBe(200);
  });
});
