import { notFound } from '@openprm/errors';
import { organisationsSql, Params, type Scope } from '@openprm/access';
import { containing, decodeCursor, pageSize, run, runOne, toPage, type Database, type Page, type Tx } from '@openprm/postgres';
import { OPEN } from '../domain/enrolment';
import type { Program, ProgramState } from '../domain/program';
import { fromProgramRow, PROGRAM_COLUMNS, type ProgramRow } from './program-rows';

/**
 * Which versions a reader sees: the enterprise all; partners what is published and open, and what an organisation of their scope takes part
 * in. The second is the scope of enrolments.
 */
export type Visibility = { enterprise: true } | { enterprise: false; scope: Scope };

const openStates = OPEN.map((state) => `'${state}'`).join(', ');

/** SQL condition that `alias` is a version to be seen. */
export function visibleSql(visibility: Visibility, alias: string, params: Params): string {
  if (visibility.enterprise || visibility.scope.all) return 'true';
  return `(${alias}.state = 'PUBLISHED' and ${alias}.open_for_application or exists (
    select 1 from enrolments m where m.program_id = ${alias}.program_id and m.program_number = ${alias}.number and m.state in (${openStates})
      and m.partner_id in (${organisationsSql(visibility.scope, params)})))`;
}

/** The version named; with 0 the published one, else the newest that may be seen. Throws NOT_FOUND. */
export async function loadProgram(on: Database | Tx, visibility: Visibility, programId: string, number: number): Promise<Program> {
  const params = new Params();
  const which = number > 0 ? `p.number = ${params.add(number)}` : 'true';
  const row = await runOne<ProgramRow>(
    on,
    `select ${PROGRAM_COLUMNS} from programs p where p.program_id = ${params.add(programId)} and ${which} and ${visibleSql(visibility, 'p', params)}
     order by p.state = 'PUBLISHED' desc, p.number desc limit 1`,
    params.values,
  );
  if (!row) throw notFound('program');
  return fromProgramRow(row);
}

export interface ProgramFilter {
  states: ProgramState[];
  kind: string;
  search: string;
  openOnly: boolean;
  pageSize: number;
  pageToken: string;
}

/** Versions that may be seen, newest first; one statement. Unless states are named, retired ones are left out. */
export async function listPrograms(database: Database, visibility: Visibility, filter: ProgramFilter): Promise<Page<Program>> {
  const params = new Params();
  const size = pageSize(filter.pageSize);
  const where = [visibleSql(visibility, 'p', params), statesSql(visibility, filter.states, params)];
  if (filter.kind) where.push(`p.kind = ${params.add(filter.kind)}`);
  if (filter.search) where.push(`p.name ilike ${params.add(containing(filter.search))}`);
  if (filter.openOnly) where.push('p.open_for_application');
  const after = decodeCursor(filter.pageToken);
  if (after) where.push(`(p.created_at, p.id) < (${params.add(after.time)}::timestamptz, ${params.add(after.id)}::uuid)`);
  const sql = `select ${PROGRAM_COLUMNS} from programs p where ${where.join(' and ')} order by p.created_at desc, p.id desc limit ${params.add(size + 1)}`;
  const rows = await run<ProgramRow>(database, sql, params.values);
  const page = toPage(
    rows.map((row) => ({ ...row, time: row.created_at })),
    size,
  );
  return { items: page.items.map(fromProgramRow), nextPageToken: page.nextPageToken };
}

/** Partners are shown what is in force, and the retired version of a membership only when they ask for it. */
function statesSql(visibility: Visibility, states: ProgramState[], params: Params): string {
  if (states.length > 0) return `p.state = any(${params.add(states)}::text[])`;
  return visibility.enterprise ? `p.state in ('DRAFT', 'PUBLISHED')` : `p.state = 'PUBLISHED'`;
}

const VERSIONS = 1_000;

/** Every version, newest first. Throws NOT_FOUND. */
export async function listProgramVersions(on: Database | Tx, programId: string): Promise<Program[]> {
  const rows = await run<ProgramRow>(
    on,
    `select ${PROGRAM_COLUMNS} from programs where program_id = $1 order by number desc limit ${VERSIONS}`,
    [programId],
  );
  if (rows.length === 0) throw notFound('program');
  return rows.map(fromProgramRow);
}

/** The versions that a change can concern. */
export interface Heads {
  newest: Program;
  published: Program | null;
}

/** Newest and published version, locked so that changes of one program come one after the other. Throws NOT_FOUND. */
export async function lockProgram(tx: Tx, programId: string): Promise<Heads> {
  await run(tx, 'select 1 from programs where program_id = $1 order by id for no key update', [programId]);
  const rows = await run<ProgramRow>(
    tx,
    `select ${PROGRAM_COLUMNS} from programs where program_id = $1
       and (state = 'PUBLISHED' or number = (select max(number) from programs where program_id = $1)) order by number desc`,
    [programId],
  );
  if (!rows[0]) throw notFound('program');
  const published = rows.find((row) => row.state === 'PUBLISHED');
  return { newest: fromProgramRow(rows[0]), published: published ? fromProgramRow(published) : null };
}

/** Published versions by program, as far as there are any. */
export async function listPublished(on: Database | Tx, programIds: string[]): Promise<Map<string, Program>> {
  const rows = await run<ProgramRow>(
    on,
    `select ${PROGRAM_COLUMNS} from programs where program_id = any($1::uuid[]) and state = 'PUBLISHED'`,
    [programIds],
  );
  return new Map(rows.map((row) => [row.program_id, fromProgramRow(row)]));
}
