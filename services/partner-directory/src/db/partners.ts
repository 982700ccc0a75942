import { notFound } from '@openprm/errors';
import { Params, scopedList, scopeSql, type Scope } from '@openprm/access';
import { containing, decodeCursor, pageSize, run, runOne, toPage, type Database, type Page, type Tx } from '@openprm/postgres';
import type { Partner, PartnerState } from '../domain/partner';
import { fromPartnerRow, type PartnerRow } from './partner-rows';

/** A partner with the names a reader wants beside it. */
export interface PartnerView {
  partner: Partner;
  parentName: string;
  relationshipManagerName: string;
}

interface ViewRow extends PartnerRow {
  parent_name: string | null;
  relationship_manager_name: string | null;
}

const NAMES = `(select q.name from partners q where q.id = page.parent_id) as parent_name,
  (select m.name from memberships m where m.person_id = page.relationship_manager_id order by m.created_at limit 1) as relationship_manager_name`;

const toView = (row: ViewRow): PartnerView => ({
  partner: fromPartnerRow(row),
  parentName: row.parent_name ?? '',
  relationshipManagerName: row.relationship_manager_name ?? '',
});

/** One partner within the scope. Throws NOT_FOUND when missing or outside. */
export async function loadPartner(on: Database | Tx, scope: Scope, id: string): Promise<PartnerView> {
  const params = new Params();
  const row = await runOne<ViewRow>(
    on,
    `select page.*, ${NAMES} from partners page where page.id = ${params.add(id)} and ${scopeSql(scope, 'page.id', params)}`,
    params.values,
  );
  if (!row) throw notFound('partner');
  return toView(row);
}

export interface PartnerFilter {
  states: PartnerState[];
  parentId: string;
  type: string;
  search: string;
  relationshipManagerId: string;
  pageSize: number;
  pageToken: string;
}

/** Partners in scope, newest first; one statement. */
export async function listPartners(database: Database, scope: Scope, filter: PartnerFilter): Promise<Page<PartnerView>> {
  const params = new Params();
  const size = pageSize(filter.pageSize);
  const where = [`p.kind = 'EXTERNAL'`];
  if (filter.states.length > 0) where.push(`p.state = any(${params.add(filter.states)}::text[])`);
  if (filter.parentId) where.push(`p.parent_id = ${params.add(filter.parentId)}`);
  if (filter.type) where.push(`p.types @> array[${params.add(filter.type)}]::text[]`);
  if (filter.search) where.push(`p.name ilike ${params.add(containing(filter.search))}`);
  if (filter.relationshipManagerId) where.push(`p.relationship_manager_id = ${params.add(filter.relationshipManagerId)}`);
  const sql = scopedList(
    {
      select: 'p.*',
      from: 'partners p',
      owner: 'p.id',
      time: 'p.created_at',
      id: 'p.id',
      where,
      scope,
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

export interface HierarchyNode {
  id: string;
  name: string;
  parentId: string | null;
  state: PartnerState;
  depth: number;
}

const NODES = 5_000;

/** What lies above (as far as in scope) and below a partner, parents first; one statement. */
export async function listHierarchy(database: Database, scope: Scope, id: string): Promise<HierarchyNode[]> {
  const params = new Params();
  const root = params.add(id);
  const rows = await run<{ id: string; name: string; parent_id: string | null; state: PartnerState; depth: number }>(
    database,
    `select p.id, p.name, p.parent_id, p.state, near.depth from (
       select descendant_id as id, depth from access_ancestry where ancestor_id = ${root}
       union select ancestor_id, -depth from access_ancestry where descendant_id = ${root} and depth > 0) near
     join partners p on p.id = near.id
     where ${scopeSql(scope, 'p.id', params)} order by near.depth, p.name, p.id limit ${NODES}`,
    params.values,
  );
  return rows.map((row) => ({ id: row.id, name: row.name, parentId: row.parent_id, state: row.state, depth: row.depth }));
}

/** True when `id` stands below `ancestorId`, however deep. */
export async function standsBelow(tx: Tx, id: string, ancestorId: string): Promise<boolean> {
  return (await runOne(tx, 'select 1 from access_ancestry where ancestor_id = $1 and descendant_id = $2', [ancestorId, id])) !== null;
}

/** Two moves at once could each be fine and close a circle together: one at a time. */
export async function lockHierarchy(tx: Tx): Promise<void> {
  await run(tx, `select pg_advisory_xact_lock(hashtext('hierarchy'))`);
}

/** Codes among `codes` that are not partner types. */
export async function unknownTypes(on: Database | Tx, codes: string[]): Promise<string[]> {
  const rows = await run<{ code: string }>(
    on,
    'select code from unnest($1::text[]) code where code not in (select code from partner_types)',
    [codes],
  );
  return rows.map((row) => row.code);
}
