import { Params, type Caller } from '@openprm/access';
import { notFound } from '@openprm/errors';
import { decodeCursor, pageSize, run, runOne, toPage, type Database, type Page, type Tx } from '@openprm/postgres';
import type { Standing } from '../domain/authority';
import type { SalesFacts } from '../domain/move-opportunity';
import type { Opportunity, Stage } from '../domain/opportunity';
import type { Protection } from '../domain/protection';
import { toProtection } from './deal-rows';
import { searchSql } from './deals';
import { fromOpportunityRow, type OpportunityRow } from './opportunity-rows';
import { standingSql, toStanding, type StandingRow } from './standing';
import { dealScope, OPPORTUNITIES, visibleList, visibleSql } from './visible';

/** An opportunity as one caller stands to it, with what other records say about it. */
export interface OpportunityView {
  opportunity: Opportunity;
  standing: Standing;
  inScope: boolean;
  partnerState: string;
  protection: Protection | null;
  quotes: { quoteId: string; number: string; state: string }[];
  orders: { orderId: string; state: string }[];
}

interface ViewRow extends OpportunityRow, StandingRow {
  partner_state: string | null;
  protection: Protection | null;
  quotes: OpportunityView['quotes'] | null;
  orders: OpportunityView['orders'] | null;
}

// A quote or order may name the deal, the opportunity, or both; an order also the quote. One branch per index: a condition with
// `or` over a sub-select would read all orders for each row.
const beside = (alias: string): string => `p.name as partner_name, p.state as partner_state,
  case when ${alias}.deal_id is not null then (select d.protection from deals d where d.id = ${alias}.deal_id) end as protection,
  (select json_agg(json_build_object('quoteId', q.id, 'number', q.number, 'state', q.state) order by q.id) from quotes q where q.opportunity_id = ${alias}.id or q.deal_id = ${alias}.deal_id) as quotes,
  (select json_agg(json_build_object('orderId', w.id, 'state', w.state) order by w.id) from (
     select o.id, o.state from orders o where o.opportunity_id = ${alias}.id
     union select o.id, o.state from orders o where o.deal_id = ${alias}.deal_id
     union select o.id, o.state from quotes q join orders o on o.quote_id = q.id where q.opportunity_id = ${alias}.id or q.deal_id = ${alias}.deal_id) w) as orders`;

const toView = (caller: Caller, row: ViewRow): OpportunityView => {
  const standing = toStanding(caller, row);
  const { associate, manager, partnerAdmin, relationshipManager, desk, approver, enterpriseAdmin, executive } = standing;
  return {
    opportunity: fromOpportunityRow(row),
    standing,
    inScope: associate || manager || partnerAdmin || relationshipManager || desk || approver || enterpriseAdmin || executive,
    partnerState: row.partner_state ?? '',
    protection: toProtection(row.protection),
    quotes: row.quotes ?? [],
    orders: row.orders ?? [],
  };
};

export async function loadOpportunity(on: Database | Tx, caller: Caller, id: string): Promise<OpportunityView> {
  const params = new Params();
  const sql = `select r.*, ${beside('r')}, ${standingSql(caller, 'r.partner_id', params)} from opportunities r left join access_partners p on p.id = r.partner_id
    where r.id = ${params.add(id)}::uuid and ${visibleSql(OPPORTUNITIES, dealScope(caller), params)}`;
  const row = await runOne<ViewRow>(on, sql, params.values);
  if (!row) throw notFound('opportunity');
  return toView(caller, row);
}

export interface OpportunityFilter {
  stages: Stage[];
  partnerId: string;
  includeDescendants: boolean;
  customerId: string;
  dealId: string;
  search: string;
  ownerPersonId: string;
  pageSize: number;
  pageToken: string;
}

/** Opportunities the caller reads, newest first; one statement. */
export async function listOpportunities(database: Database, caller: Caller, filter: OpportunityFilter): Promise<Page<OpportunityView>> {
  const params = new Params();
  const size = pageSize(filter.pageSize);
  const where: string[] = [];
  if (filter.stages.length > 0) where.push(`r.stage = any(${params.add(filter.stages)}::text[])`);
  if (filter.customerId) where.push(`r.customer_id = ${params.add(filter.customerId)}::uuid`);
  if (filter.dealId) where.push(`r.deal_id = ${params.add(filter.dealId)}::uuid`);
  if (filter.ownerPersonId) where.push(`r.owner_person_id = ${params.add(filter.ownerPersonId)}::uuid`);
  if (filter.search) where.push(searchSql(filter.search, params));
  const sql = visibleList(
    {
      record: OPPORTUNITIES,
      scope: dealScope(caller),
      partnerId: filter.partnerId,
      below: filter.includeDescendants,
      where,
      after: decodeCursor(filter.pageToken),
      size,
      joins: 'left join access_partners p on p.id = page.partner_id',
      joinedSelect: `${beside('page')}, ${standingSql(caller, 'page.partner_id', params)}`,
    },
    params,
  );
  const rows = await run<ViewRow>(database, sql, params.values);
  const page = toPage(
    rows.map((row) => ({ ...row, time: row.created_at })),
    size,
  );
  return { items: page.items.map((row) => toView(caller, row)), nextPageToken: page.nextPageToken };
}

const COUNTS_AS_ORDER = [
  'SUBMITTED',
  'UNDER_REVIEW',
  'INFO_REQUESTED',
  'APPROVED',
  'IN_FULFILMENT',
  'ON_HOLD',
  'PARTIALLY_FULFILLED',
  'FULFILLED',
  'CANCEL_REQUESTED',
];

export const salesFactsOf = (view: Pick<OpportunityView, 'quotes' | 'orders'>): SalesFacts => ({
  quoteStates: view.quotes.map((quote) => quote.state),
  orders: view.orders.filter((order) => COUNTS_AS_ORDER.includes(order.state)).length,
});

export async function nextOpportunityNumber(tx: Tx): Promise<string> {
  const row = await runOne<{ number: string }>(tx, `select nextval('opportunity_number')::text as number`);
  return row!.number;
}

/** Opportunities by id within the caller's scope, in the order of the ids; one statement. */
export async function loadOpportunityViews(database: Database, caller: Caller, ids: string[]): Promise<OpportunityView[]> {
  const params = new Params();
  const sql = `select r.*, ${beside('r')}, ${standingSql(caller, 'r.partner_id', params)} from opportunities r left join access_partners p on p.id = r.partner_id
    where r.id = any(${params.add(ids)}::uuid[]) and ${visibleSql(OPPORTUNITIES, dealScope(caller), params)}`;
  const rows = await run<ViewRow>(database, sql, params.values);
  return rows.map((row) => toView(caller, row)).sort((left, right) => ids.indexOf(left.opportunity.id) - ids.indexOf(right.opportunity.id));
}
