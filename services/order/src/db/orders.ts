import { notFound } from '@openprm/errors';
import { organisationsSql, Params, scopeSql, type Scope } from '@openprm/access';
import { decodeCursor, pageSize, run, runOne, toPage, type Cursor, type Database, type Page, type Tx } from '@openprm/postgres';
import type { Order, OrderState } from '../domain/order';
import { fromOrderRow, LINES, type OrderRow } from './order-rows';

/** An order with those of its partners that the reader's scope holds; null when it holds everything. */
export interface OrderView {
  order: Order;
  partnersInScope: string[] | null;
  /** The placing partner may trade; otherwise its people read only. */
  partnerIsActive: boolean;
}

interface ViewRow extends OrderRow {
  in_scope: string[] | null;
  partner_state: string | null;
}

const toView = (row: ViewRow): OrderView => ({
  order: fromOrderRow(row),
  partnersInScope: row.in_scope,
  partnerIsActive: row.partner_state === 'ACTIVE',
});

const PARTNER_STATE = '(select p.state from access_partners p where p.id = o.partner_id) as partner_state';

/** SQL giving those partners of `o` that are in scope. */
const inScopeSql = (scope: Scope, params: Params): string =>
  scope.all
    ? 'null::uuid[]'
    : `array(select p.partner_id from order_partners p where p.order_id = o.id and ${scopeSql(scope, 'p.partner_id', params)})`;

/** One order in which a partner of the scope takes part. Throws NOT_FOUND when missing or outside. */
export async function loadOrder(on: Database | Tx, scope: Scope, id: string): Promise<OrderView> {
  const params = new Params();
  const row = await runOne<ViewRow>(
    on,
    `select * from (select o.*, ${LINES}, ${inScopeSql(scope, params)} as in_scope, ${PARTNER_STATE} from orders o where o.id = ${params.add(id)}) found
     where in_scope is null or cardinality(in_scope) > 0`,
    params.values,
  );
  if (!row) throw notFound('order');
  return toView(row);
}

/** An order that somebody is about to change. */
export interface OwnOrder {
  order: Order;
  partnerIsActive: boolean;
}

/** One order whose placing partner is in scope: where its people may write. */
export async function loadOwnOrder(on: Database | Tx, scope: Scope, id: string): Promise<OwnOrder> {
  const params = new Params();
  const row = await runOne<OrderRow & { partner_state: string | null }>(
    on,
    `select o.*, ${LINES}, ${PARTNER_STATE} from orders o where o.id = ${params.add(id)} and ${scopeSql(scope, 'o.partner_id', params)}`,
    params.values,
  );
  if (!row) throw notFound('order');
  return { order: fromOrderRow(row), partnerIsActive: row.partner_state === 'ACTIVE' };
}

export interface OrderFilter {
  partnerId: string;
  includeDescendants: boolean;
  states: OrderState[];
  customerId: string;
  quoteId: string;
  opportunityId: string;
  ownerPersonId: string;
  number: string;
  pageSize: number;
  pageToken: string;
}

/** Orders in scope, newest first; one statement. */
export async function listOrders(database: Database, scope: Scope, filter: OrderFilter): Promise<Page<OrderView>> {
  const params = new Params();
  const size = pageSize(filter.pageSize);
  const where = conditions(filter, params);
  const organisations = organisationsOf(scope, filter, params);
  const limit = params.add(size + 1);
  const after = decodeCursor(filter.pageToken);
  const page = organisations ? pageOfSome(organisations, where, after, limit, params) : pageOfAll(where, after, limit, params);
  const rows = await run<ViewRow>(
    database,
    `select o.*, ${LINES}, ${inScopeSql(scope, params)} as in_scope, ${PARTNER_STATE} from (${page}) page join orders o on o.id = page.id order by page.created_at desc, page.id desc`,
    params.values,
  );
  const { items, nextPageToken } = toPage(
    rows.map((row) => ({ ...row, time: row.created_at })),
    size,
  );
  return { items: items.map(toView), nextPageToken };
}

/** SQL giving the organisations whose orders are wanted: the scope's, the filter's, or what both share. Null for all. */
export function organisationsOf(
  scope: Scope,
  filter: Pick<OrderFilter, 'partnerId' | 'includeDescendants'>,
  params: Params,
): string | null {
  const limited = scope.all ? null : organisationsSql(scope, params);
  if (!filter.partnerId) return limited;
  const id = params.add(filter.partnerId);
  const wanted = filter.includeDescendants
    ? `select descendant_id as org from access_ancestry where ancestor_id = ${id}`
    : `select ${id}::uuid as org`;
  return limited ? `select w.org from (${wanted}) w where w.org in (${limited})` : wanted;
}

function conditions(filter: OrderFilter, params: Params): string[] {
  const where: string[] = [];
  if (filter.states.length > 0) where.push(`o.state = any(${params.add(filter.states)}::text[])`);
  if (filter.customerId) where.push(`o.customer_id = ${params.add(filter.customerId)}`);
  if (filter.quoteId) where.push(`o.quote_id = ${params.add(filter.quoteId)}`);
  if (filter.opportunityId) where.push(`o.opportunity_id = ${params.add(filter.opportunityId)}`);
  if (filter.ownerPersonId) where.push(`o.owner_person_id = ${params.add(filter.ownerPersonId)}`);
  if (filter.number) where.push(`o.number = ${params.add(filter.number)}`);
  return where;
}

const and = (where: string[]): string => where.join(' and ') || 'true';

function pageOfAll(where: string[], after: Cursor | null, limit: string, params: Params): string {
  const all = after ? [...where, `(o.created_at, o.id) < (${params.add(after.time)}::timestamptz, ${params.add(after.id)}::uuid)`] : where;
  return `select o.id, o.created_at from orders o where ${and(all)} order by o.created_at desc, o.id desc limit ${limit}`;
}

/**
 * The newest of each organisation by index, merged. An order with several partners in scope comes once; so the cost is rows of the
 * page times organisations and never the size of the table.
 */
function pageOfSome(organisations: string, where: string[], after: Cursor | null, limit: string, params: Params): string {
  const own = ['p.partner_id = g.org', ...where];
  if (after) own.push(`(p.created_at, p.order_id) < (${params.add(after.time)}::timestamptz, ${params.add(after.id)}::uuid)`);
  const join = where.length > 0 ? 'join orders o on o.id = p.order_id' : '';
  return `select distinct r.id, r.created_at from (${organisations}) g cross join lateral (
      select p.order_id as id, p.created_at from order_partners p ${join} where ${and(own)} order by p.created_at desc, p.order_id desc limit ${limit}) r
    order by r.created_at desc, r.id desc limit ${limit}`;
}

/** The next human numbers. */
export async function takeNumbers(on: Database | Tx, count: number): Promise<string[]> {
  const rows = await run<{ n: bigint }>(on, `select nextval('order_numbers') as n from generate_series(1, $1::int)`, [count]);
  return rows.map((row) => numberOf(row.n));
}

export const numberOf = (n: bigint): string => `OR-${n.toString().padStart(6, '0')}`;
