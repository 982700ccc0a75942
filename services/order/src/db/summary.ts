import { notFound } from '@openprm/errors';
import { Params, scopeSql, type Scope } from '@openprm/access';
import { runOne, type Database } from '@openprm/postgres';
import type { OrderState } from '../domain/order';
import { organisationsOf } from './orders';

export interface SummaryFilter {
  partnerId: string;
  includeDescendants: boolean;
  ownerPersonId: string;
}

export interface Activity {
  orderId: string;
  number: string;
  partnerId: string;
  time: Date;
  move: string;
  toState: OrderState;
  customerName: string;
}

export interface Summary {
  states: { state: OrderState; count: number }[];
  sums: { currency: string; fulfilled: bigint; open: bigint; orders: number }[];
  months: { month: string; currency: string; fulfilled: bigint; orders: number }[];
  activity: Activity[];
}

interface SummaryRow {
  visible: boolean;
  states: { state: OrderState; count: number }[] | null;
  sums: { currency: string; fulfilled: string; open: string; orders: number }[] | null;
  months: { month: string; currency: string; fulfilled: string; orders: number }[] | null;
  activity: (Omit<Activity, 'time'> & { time: string })[] | null;
}

const MONTHS = 24;
const NEWEST = 10;

/** Counts, sums and happenings of a partner in scope; one statement. Throws NOT_FOUND for a partner missing or outside. */
export async function summarizeOrders(database: Database, scope: Scope, filter: SummaryFilter): Promise<Summary> {
  const params = new Params();
  const organisations = organisationsOf(scope, filter, params)!;
  const owner = filter.ownerPersonId ? `and o.owner_person_id = ${params.add(filter.ownerPersonId)}` : '';
  const partner = params.add(filter.partnerId);
  const row = await runOne<SummaryRow>(
    database,
    `with orgs as materialized (${organisations}),
     mine as materialized (
       select o.id, o.number, o.partner_id, o.state, o.currency, o.customer_name, o.updated_at from orders o
       where o.id in (select p.order_id from order_partners p where p.partner_id in (select org from orgs)) ${owner}),
     sold as materialized (
       select l.order_id, l.amount_minor, l.fulfil_time, l.state, m.state as order_state, m.currency
       from mine m join order_lines l on l.order_id = m.id where l.line_partner_id in (select org from orgs)),
     delivered as (
       select to_char(fulfil_time at time zone 'UTC', 'YYYY-MM') as month, currency, sum(amount_minor)::text as fulfilled, count(distinct order_id)::int as orders
       from sold where state = 'FULFILLED' group by 1, 2),
     latest as (select * from mine order by updated_at desc, id desc limit ${NEWEST}),
     happened as (
       select m.id, m.number, m.partner_id, m.customer_name, a.at, a.version, a.entry from latest m join audit_log a on a.aggregate_id = m.id order by a.at desc, a.version desc limit ${NEWEST})
     select exists (select 1 from access_partners p where p.id = ${partner} and ${scopeSql(scope, 'p.id', params)}) as visible,
       (select jsonb_agg(s) from (select state, count(*)::int as count from mine group by state order by state) s) as states,
       (select jsonb_agg(s) from (
          select currency, coalesce(sum(amount_minor) filter (where state = 'FULFILLED'), 0)::text as fulfilled,
            coalesce(sum(amount_minor) filter (where state not in ('FULFILLED', 'CANCELLED') and order_state not in ('DRAFT', 'REJECTED', 'CANCELLED')), 0)::text as open,
            count(distinct order_id)::int as orders
          from sold group by currency order by currency) s) as sums,
       (select jsonb_agg(d order by d.month, d.currency) from delivered d
          where d.month in (select month from delivered group by month order by month desc limit ${MONTHS})) as months,
       (select jsonb_agg(jsonb_build_object('orderId', h.id, 'number', h.number, 'partnerId', h.partner_id, 'time', h.at, 'move', h.entry ->> 'move',
          'toState', h.entry ->> 'toState', 'customerName', h.customer_name) order by h.at desc, h.version desc) from happened h) as activity`,
    params.values,
  );
  if (!row?.visible) throw notFound('partner');
  return toSummary(row);
}

const toSummary = (row: SummaryRow): Summary => ({
  states: row.states ?? [],
  sums: (row.sums ?? []).map((sum) => ({ ...sum, fulfilled: BigInt(sum.fulfilled), open: BigInt(sum.open) })),
  months: (row.months ?? []).map((month) => ({ ...month, fulfilled: BigInt(month.fulfilled) })),
  activity: (row.activity ?? []).map((each) => ({ ...each, time: new Date(each.time) })),
});
