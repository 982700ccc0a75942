import { notFound } from '@openprm/errors';
import { Params, scopedList } from '@openprm/access';
import { containing, decodeCursor, pageSize, run, runOne, toPage, type Database, type Page, type Tx } from '@openprm/postgres';
import type { Case, CaseComment, CaseState } from '../domain/case';
import type { Priority, QueueOwner } from '../domain/configuration';
import type { Reader } from '../domain/reader';
import { fromCaseRow, fromCommentRow, type CaseRow, type CommentRow } from './case-rows';
import { listConditions, visibleSql } from './visible';

/** A case with the names a reader wants beside it and the person in charge of its partner. */
export interface CaseView {
  case: Case;
  partnerName: string;
  customerName: string;
  relationshipManagerId: string | null;
}

export interface ViewRow extends CaseRow {
  partner_name: string | null;
  customer_name: string | null;
  relationship_manager_id: string | null;
}

/** Columns beside a case of alias `page`. */
export const NAMES = `(select p.name from access_partners p where p.id = page.partner_id) as partner_name,
  (select u.name from customers u where u.id = page.customer_id) as customer_name,
  (select p.relationship_manager_id from access_partners p where p.id = page.partner_id) as relationship_manager_id`;

export const toView = (row: ViewRow): CaseView => ({
  case: fromCaseRow(row),
  partnerName: row.partner_name ?? '',
  customerName: row.customer_name ?? '',
  relationshipManagerId: row.relationship_manager_id,
});

/** One case the reader may see. Throws NOT_FOUND when missing or outside. */
export async function loadCase(on: Database | Tx, reader: Reader, id: string): Promise<CaseView> {
  const params = new Params();
  const sql = `select page.*, ${NAMES} from cases page where page.id = (select c.id from cases c where c.id = ${params.add(id)} and ${visibleSql(reader, params)})`;
  const row = await runOne<ViewRow>(on, sql, params.values);
  if (!row) throw notFound('case');
  return toView(row);
}

/** One case for a timer or consumer; null when it is gone. */
export async function findCase(on: Database | Tx, id: string): Promise<CaseView | null> {
  const row = await runOne<ViewRow>(on, `select page.*, ${NAMES} from cases page where page.id = $1`, [id]);
  return row && toView(row);
}

/** Cases of one partner that are neither solved, closed nor taken back. */
export async function findOpenCases(on: Database | Tx, partnerId: string, states: readonly CaseState[]): Promise<CaseView[]> {
  const rows = await run<ViewRow>(
    on,
    `select page.*, ${NAMES} from cases page where page.partner_id = $1 and page.state = any($2::text[]) order by page.id`,
    [partnerId, states],
  );
  return rows.map(toView);
}

/** Cases at which something happens by itself, the longest overdue first. */
export async function findDueCases(database: Database, now: Date, limit: number): Promise<string[]> {
  const rows = await run<{ id: string }>(database, 'select id from cases where next_check_at <= $1 order by next_check_at limit $2', [
    now,
    limit,
  ]);
  return rows.map((row) => row.id);
}

/** Calendars have changed since the case was stored: it is due at another time. */
export async function postponeCheck(tx: Tx, subject: Case, at: Date | null): Promise<void> {
  await run(tx, 'update cases set next_check_at = $3 where id = $1 and version = $2', [subject.id, subject.version, at]);
}

export interface CaseFilter {
  pageSize: number;
  pageToken: string;
  states: CaseState[];
  partnerId: string;
  includeDescendants: boolean;
  customerId: string;
  holderPersonId: string;
  category: string;
  priorities: Priority[];
  queueOwner: QueueOwner | null;
  search: string;
}

/** Cases the reader may see, newest first; one statement. */
export async function listCases(database: Database, reader: Reader, filter: CaseFilter): Promise<Page<CaseView>> {
  const params = new Params();
  const size = pageSize(filter.pageSize);
  const { where, scope } = listConditions(reader, params);
  const list = { select: 'c.*', from: 'cases c', owner: 'c.partner_id', time: 'c.created_at', id: 'c.id', joinedSelect: NAMES };
  const sql = scopedList(
    { ...list, where: [...where, ...filterConditions(filter, params)], scope, after: decodeCursor(filter.pageToken), size },
    params,
  );
  const rows = await run<ViewRow>(database, sql, params.values);
  const page = toPage(
    rows.map((row) => ({ ...row, time: row.created_at })),
    size,
  );
  return { items: page.items.map(toView), nextPageToken: page.nextPageToken };
}

function filterConditions(filter: CaseFilter, params: Params): string[] {
  const where: string[] = [];
  if (filter.states.length > 0) where.push(`c.state = any(${params.add(filter.states)}::text[])`);
  if (filter.partnerId) where.push(ofPartner('c.partner_id', filter, params));
  if (filter.customerId) where.push(`c.customer_id = ${params.add(filter.customerId)}::uuid`);
  if (filter.holderPersonId) where.push(`c.holder_person_id = ${params.add(filter.holderPersonId)}::uuid`);
  if (filter.category) where.push(`c.category = ${params.add(filter.category)}`);
  if (filter.priorities.length > 0) where.push(`c.priority = any(${params.add(filter.priorities)}::text[])`);
  if (filter.queueOwner) where.push(`c.queue_owner = ${params.add(filter.queueOwner)}`);
  if (filter.search) {
    const text = params.add(containing(filter.search));
    where.push(`(c.subject ilike ${text} or c.number ilike ${text})`);
  }
  return where;
}

/** SQL condition that `column` is the partner asked for, or one below it. */
export function ofPartner(
  column: string,
  { partnerId, includeDescendants }: { partnerId: string; includeDescendants: boolean },
  params: Params,
): string {
  const partner = `${params.add(partnerId)}::uuid`;
  return includeDescendants
    ? `${column} in (select a.descendant_id from access_ancestry a where a.ancestor_id = ${partner})`
    : `${column} = ${partner}`;
}

/** Comments of a case the reader may see, oldest first; partners get shared ones only. */
export async function listComments(
  database: Database,
  reader: Reader,
  filter: { caseId: string; pageSize: number; pageToken: string },
): Promise<Page<CaseComment>> {
  await loadCase(database, reader, filter.caseId);
  const params = new Params();
  const size = pageSize(filter.pageSize);
  const after = decodeCursor(filter.pageToken);
  const where = [`m.case_id = ${params.add(filter.caseId)}::uuid`];
  if (reader.side === 'PARTNER') where.push(`m.stream = 'SHARED'`);
  if (after) where.push(`(m.created_at, m.id) > (${params.add(after.time)}::timestamptz, ${params.add(after.id)}::uuid)`);
  const sql = `select m.* from case_comments m where ${where.join(' and ')} order by m.created_at, m.id limit ${params.add(size + 1)}`;
  const rows = await run<CommentRow>(database, sql, params.values);
  const page = toPage(
    rows.map((row) => ({ ...row, time: row.created_at })),
    size,
  );
  return { items: page.items.map(fromCommentRow), nextPageToken: page.nextPageToken };
}
