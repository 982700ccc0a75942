import { notFound } from '@openprm/errors';
import { Params, scopeSql, type Scope } from '@openprm/access';
import { run, runOne, type Database, type Tx } from '@openprm/postgres';
import { OPEN, type Enrolment } from '../domain/enrolment';
import type { Membership, Partner } from '../domain/partnership';
import type { Program } from '../domain/program';
import { fromEnrolmentJson, type EnrolmentRow } from './enrolment-rows';
import { fromProgramJson, type ProgramRow } from './program-rows';
import { visibleSql, type Visibility } from './programs';

/** Everything on the table when something changes for a partner: the partner, its open enrolments, and what others were last told. */
export interface Desk {
  partner: Partner;
  /** Version of the partnership; 0 before the first enrolment. */
  version: number;
  updatedAt: Date;
  told: { name: string; state: string } | null;
  memberships: Membership[];
}

interface DeskRow {
  partner_id: string;
  partner_name: string;
  partner_state: string;
  version: number | null;
  told_name: string | null;
  told_state: string | null;
  told_at: Date | null;
  memberships: { enrolment: EnrolmentRow; program: ProgramRow }[];
}

const openStates = OPEN.map((state) => `'${state}'`).join(', ');

const DESK = `p.id as partner_id, p.name as partner_name, p.state as partner_state,
  s.version, s.partner_name as told_name, s.partner_state as told_state, s.updated_at as told_at,
  coalesce((select jsonb_agg(jsonb_build_object('enrolment', to_jsonb(o), 'program', to_jsonb(v)))
    from enrolments o join programs v on v.program_id = o.program_id and v.number = o.program_number
    where o.partner_id = p.id and o.state in (${openStates})), '[]') as memberships`;

const toDesk = (row: DeskRow): Desk => ({
  partner: { id: row.partner_id, name: row.partner_name, state: row.partner_state },
  version: row.version ?? 0,
  updatedAt: row.told_at ?? new Date(0),
  told: row.told_name === null ? null : { name: row.told_name, state: row.told_state! },
  memberships: row.memberships.map(({ enrolment, program }) => ({
    enrolment: fromEnrolmentJson(enrolment),
    program: fromProgramJson(program),
  })),
});

/** The desk of a partner in scope, without a lock. Throws NOT_FOUND. */
export async function readDesk(on: Database | Tx, scope: Scope, partnerId: string): Promise<Desk> {
  const desk = await findDesk(on, scope, partnerId);
  if (!desk) throw notFound('partner');
  return desk;
}

export async function findDesk(on: Database | Tx, scope: Scope, partnerId: string): Promise<Desk | null> {
  const params = new Params();
  const sql = `select ${DESK} from access_partners p left join partnerships s on s.id = p.id where p.id = ${params.add(partnerId)} and p.kind = 'EXTERNAL' and ${scopeSql(scope, 'p.id', params)}`;
  const row = await runOne<DeskRow>(on, sql, params.values);
  return row && toDesk(row);
}

/** Desks of several partners. */
export async function listDesks(tx: Tx, partnerIds: string[]): Promise<Desk[]> {
  const rows = await run<DeskRow>(
    tx,
    `select ${DESK} from access_partners p left join partnerships s on s.id = p.id where p.id = any($1::uuid[]) and p.kind = 'EXTERNAL' order by p.id`,
    [partnerIds],
  );
  return rows.map(toDesk);
}

/**
 * Changes of one partner come one after the other: each holds the partner's row first, also the consumer that learns of its suspension.
 * A lock and the reading after it are two statements, so that the second sees what the first waited for.
 */
export async function lockPartner(tx: Tx, partnerId: string): Promise<void> {
  await run(tx, 'select 1 from access_partners where id = $1 for no key update', [partnerId]);
}

export async function lockPartnerOf(tx: Tx, enrolmentId: string): Promise<void> {
  await run(tx, 'select 1 from access_partners where id = (select partner_id from enrolments where id = $1) for no key update', [
    enrolmentId,
  ]);
}

/** In order of their ids, so that two batches never wait for each other. */
export async function lockPartners(tx: Tx, partnerIds: string[]): Promise<void> {
  await run(tx, 'select 1 from access_partners where id = any($1::uuid[]) order by id for no key update', [partnerIds]);
}

/** Of these partners, those that nobody else is working on; held until the end of the transaction. */
export async function lockFreePartners(tx: Tx, partnerIds: string[]): Promise<string[]> {
  const rows = await run<{ id: string }>(
    tx,
    'select id from access_partners where id = any($1::uuid[]) order by id for no key update skip locked',
    [partnerIds],
  );
  return rows.map((row) => row.id);
}

/** An enrolment that is to be moved, with its program version, the one in force, and the desk. */
export interface Subject {
  enrolment: Enrolment;
  own: Program;
  published: Program | null;
  desk: Desk;
}

interface SubjectRow extends DeskRow {
  enrolment: EnrolmentRow;
  own: ProgramRow;
  published: ProgramRow | null;
}

/** One statement. Throws NOT_FOUND when missing or outside the scope. */
export async function loadSubject(tx: Tx, scope: Scope, enrolmentId: string): Promise<Subject> {
  const params = new Params();
  const row = await runOne<SubjectRow>(
    tx,
    `select to_jsonb(e) as enrolment, to_jsonb(w) as own, to_jsonb(c) as published, ${DESK}
     from enrolments e
     join programs w on w.program_id = e.program_id and w.number = e.program_number
     left join programs c on c.program_id = e.program_id and c.state = 'PUBLISHED'
     join access_partners p on p.id = e.partner_id left join partnerships s on s.id = p.id
     where e.id = ${params.add(enrolmentId)} and ${scopeSql(scope, 'e.partner_id', params)}`,
    params.values,
  );
  if (!row) throw notFound('enrolment');
  return {
    enrolment: fromEnrolmentJson(row.enrolment),
    own: fromProgramJson(row.own),
    published: row.published && fromProgramJson(row.published),
    desk: toDesk(row),
  };
}

/** Who wants to take part in what. */
export interface Entry {
  partnerId: string;
  programId: string;
  /** Organisation above the partner in whose program it wants to take part; empty for none. */
  sponsorPartnerId: string;
}

export interface Entrance {
  /** Null when the partner is not in scope. */
  desk: Desk | null;
  /** The published version, else the newest; null when neither the caller can see the program nor the sponsor opens it. */
  program: Program | null;
  /** True when the sponsor stands above the partner and is ACTIVE in the program itself. */
  sponsorTakesPart: boolean;
}

/** Everything a new enrolment depends on; one statement. */
export async function loadEntrance(tx: Tx, scope: Scope, visibility: Visibility, entry: Entry): Promise<Entrance> {
  const params = new Params();
  const partnerId = params.add(entry.partnerId);
  const programId = params.add(entry.programId);
  const sponsorId = params.add(entry.sponsorPartnerId || null);
  const sponsored = `exists (select 1 from access_ancestry a join enrolments e on e.partner_id = a.ancestor_id
    where a.ancestor_id = ${sponsorId}::uuid and a.descendant_id = ${partnerId} and a.depth > 0 and e.program_id = ${programId} and e.state = 'ACTIVE')`;
  const row = await runOne<DeskRow & { program: ProgramRow | null; sponsored: boolean }>(
    tx,
    `select ${DESK}, ${sponsored} as sponsored,
       (select to_jsonb(offer) from (select g.* from programs g where g.program_id = ${programId} and (${visibleSql(visibility, 'g', params)} or ${sponsored})
          order by g.state = 'PUBLISHED' desc, g.number desc limit 1) offer) as program
     from access_partners p left join partnerships s on s.id = p.id
     where p.id = ${partnerId} and p.kind = 'EXTERNAL' and ${scopeSql(scope, 'p.id', params)}`,
    params.values,
  );
  return {
    desk: row && toDesk(row),
    program: row?.program ? fromProgramJson(row.program) : null,
    sponsorTakesPart: row?.sponsored ?? false,
  };
}
