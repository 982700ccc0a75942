import { organisationsSql, readScope, scopeSql, type Caller, type Params, type Scope } from '@openprm/access';
import type { Cursor } from '@openprm/postgres';

/** The desk and the approvers read every deal and opportunity: their queues hold those of all partners. */
export const dealScope = (caller: Caller): Scope => readScope(caller, ['DEAL_DESK', 'APPROVER']);

export interface RecordTable {
  table: 'deals' | 'opportunities';
  readers: 'deal_readers' | 'opportunity_readers';
}

export const DEALS: RecordTable = { table: 'deals', readers: 'deal_readers' };
export const OPPORTUNITIES: RecordTable = { table: 'opportunities', readers: 'opportunity_readers' };

/** Condition that the caller reads the record `r`: it belongs to a partner in scope, or one of them is an authorised co-seller. */
export function visibleSql({ readers }: RecordTable, scope: Scope, params: Params): string {
  if (scope.all) return 'true';
  return `(${scopeSql(scope, 'r.partner_id', params)} or exists (select 1 from ${readers} x where x.record_id = r.id and ${scopeSql(scope, 'x.partner_id', params)}))`;
}

export interface VisibleList {
  record: RecordTable;
  scope: Scope;
  /** Only records of this partner, with `below` also of all organisations below it; empty for any. */
  partnerId: string;
  below: boolean;
  /** Conditions on `r`. */
  where: string[];
  after: Cursor | null;
  size: number;
  /** Joins of, and columns beside, the rows that made it into the page, under the alias `page`. */
  joins: string;
  joinedSelect: string;
}

/** SQL giving the organisations in scope, as far as the filter names them. */
export function organisations(scope: Scope, partnerId: string, below: boolean, params: Params): string {
  if (!partnerId) return scope.all ? 'select id as org from access_partners' : organisationsSql(scope, params);
  const id = params.add(partnerId);
  const asked = below ? `select descendant_id as org from access_ancestry where ancestor_id = ${id}` : `select ${id}::uuid as org`;
  return scope.all ? asked : `select org from (${asked}) asked where org in (${organisationsSql(scope, params)})`;
}

/**
 * Newest first by keyset, in one statement. With organisations to go by, the newest of each come from its index and are merged;
 * records on which one of them is an authorised co-seller join from theirs, each once.
 */
export function visibleList(list: VisibleList, params: Params): string {
  const { record, scope } = list;
  const limit = params.add(list.size + 1);
  const where = [...list.where];
  if (list.after) where.push(`(r.created_at, r.id) < (${params.add(list.after.time)}::timestamptz, ${params.add(list.after.id)}::uuid)`);
  const newest = `order by r.created_at desc, r.id desc limit ${limit}`;
  const condition = where.join(' and ') || 'true';
  const everything = scope.all && !list.partnerId;
  const own = `select r.* from o cross join lateral (select r.* from ${record.table} r where r.partner_id = o.org and ${condition} ${newest}) r`;
  const shared = `select r.* from o cross join lateral (select r.* from ${record.readers} x join ${record.table} r on r.id = x.record_id
      where x.partner_id = o.org and ${condition} and not exists (select 1 from o p where p.org = r.partner_id)
        and not exists (select 1 from ${record.readers} y join o p on p.org = y.partner_id where y.record_id = x.record_id and y.partner_id < x.partner_id)
      order by x.created_at desc, x.record_id desc limit ${limit}) r`;
  const rows = everything
    ? `select r.* from ${record.table} r where ${condition} ${newest}`
    : `select r.* from (${list.partnerId ? own : `${own} union all ${shared}`}) r ${newest}`;
  const merged = everything ? '' : `with o as materialized (${organisations(scope, list.partnerId, list.below, params)}) `;
  return `${merged}select page.*, ${list.joinedSelect} from (${rows}) page ${list.joins} order by page.created_at desc, page.id desc`;
}
