import { notFound } from '@openprm/errors';
import { Params, scopedList, scopeSql, type Scope } from '@openprm/access';
import { decodeCursor, pageSize, run, runOne, toPage, type Database, type Page, type Tx } from '@openprm/postgres';
import type { Enrolment, EnrolmentState } from '../domain/enrolment';
import { fromEnrolmentRow, type EnrolmentRow } from './enrolment-rows';

/** An enrolment with the names a reader wants beside it. */
export interface EnrolmentView {
  enrolment: Enrolment;
  partnerName: string;
  programName: string;
  programKind: string;
}

interface ViewRow extends EnrolmentRow {
  partner_name: string | null;
  program_name: string;
  program_kind: string;
}

const NAMES = `(select n.name from access_partners n where n.id = page.partner_id) as partner_name,
  (select v.name from programs v where v.program_id = page.program_id and v.number = page.program_number) as program_name,
  (select v.kind from programs v where v.program_id = page.program_id and v.number = page.program_number) as program_kind`;

const toView = (row: ViewRow): EnrolmentView => ({
  enrolment: fromEnrolmentRow(row),
  partnerName: row.partner_name ?? '',
  programName: row.program_name,
  programKind: row.program_kind,
});

/** One enrolment within the scope. Throws NOT_FOUND when missing or outside. */
export async function loadEnrolment(on: Database | Tx, scope: Scope, id: string): Promise<EnrolmentView> {
  const params = new Params();
  const row = await runOne<ViewRow>(
    on,
    `select page.*, ${NAMES} from enrolments page where page.id = ${params.add(id)} and ${scopeSql(scope, 'page.partner_id', params)}`,
    params.values,
  );
  if (!row) throw notFound('enrolment');
  return toView(row);
}

export interface EnrolmentFilter {
  states: EnrolmentState[];
  partnerId: string;
  includeDescendants: boolean;
  programId: string;
  tier: string;
  segment: string;
  pageSize: number;
  pageToken: string;
}

/** Enrolments in scope, newest first; one statement. */
export async function listEnrolments(database: Database, scope: Scope, filter: EnrolmentFilter): Promise<Page<EnrolmentView>> {
  const params = new Params();
  const size = pageSize(filter.pageSize);
  const where: string[] = [];
  if (filter.states.length > 0) where.push(`e.state = any(${params.add(filter.states)}::text[])`);
  if (filter.programId) where.push(`e.program_id = ${params.add(filter.programId)}`);
  if (filter.tier) where.push(`e.tier = ${params.add(filter.tier)}`);
  if (filter.segment) where.push(`e.segments @> array[${params.add(filter.segment)}]::text[]`);
  // Asking for a partner narrows what is walked through to its organisations; the caller's own scope still holds.
  if (filter.partnerId) where.push(scopeSql(scope, 'e.partner_id', params));
  const walked: Scope = filter.partnerId
    ? { all: false, orgs: [filter.partnerId], roots: filter.includeDescendants ? [filter.partnerId] : [] }
    : scope;
  const sql = scopedList(
    {
      select: 'e.*',
      from: 'enrolments e',
      owner: 'e.partner_id',
      time: 'e.created_at',
      id: 'e.id',
      where,
      scope: walked,
      after: decodeCursor(filter.pageToken),
      size,
      joinedSelect: NAMES,
    },
    params,
  );
  const rows = await run<ViewRow>(database, sql, params.values);
  const page = toPage(
    rows.map((row) => ({ ...row, time: row.created_at })),
    size,
  );
  return { items: page.items.map(toView), nextPageToken: page.nextPageToken };
}

/** Ids of enrolments by their key in another system. */
export async function findImported(tx: Tx, externalIds: string[]): Promise<Map<string, string>> {
  const rows = await run<{ external_id: string; id: string }>(
    tx,
    'select external_id, id from enrolments where external_id = any($1::text[])',
    [externalIds],
  );
  return new Map(rows.map((row) => [row.external_id, row.id]));
}
