import { Params, type Caller } from '@openprm/access';
import { notFound } from '@openprm/errors';
import { decodeCursor, pageSize, run, runOne, toPage, type Database, type Page, type Tx } from '@openprm/postgres';
import type { Standing } from '../domain/authority';
import type { Deal, DealState } from '../domain/deal';
import type { Terms } from '../domain/terms';
import { fromDealRow, type DealRow } from './deal-rows';
import { partnerColumns, toDomains, toOffers, type PartnerColumns } from './partners';
import { standingSql, toStanding, type StandingRow } from './standing';
import { DEALS, dealScope, visibleList, visibleSql } from './visible';

/** A deal as one caller stands to it. */
export interface DealView {
  deal: Deal;
  standing: Standing;
  /** False for a co-seller, who reads the record without amounts. */
  inScope: boolean;
  partnerState: string;
  partnerDomains: string[];
  hasRelationshipManager: boolean;
  offers: Terms[];
}

type ViewRow = DealRow & PartnerColumns & StandingRow & { in_scope: boolean };

const toView = (caller: Caller, row: ViewRow): DealView => {
  const standing = toStanding(caller, row);
  const { associate, manager, partnerAdmin, relationshipManager, desk, approver, enterpriseAdmin, executive } = standing;
  return {
    deal: fromDealRow(row),
    standing,
    inScope: associate || manager || partnerAdmin || relationshipManager || desk || approver || enterpriseAdmin || executive,
    partnerState: row.partner_state ?? '',
    partnerDomains: toDomains(row),
    hasRelationshipManager: row.relationship_manager_id !== null,
    offers: toOffers(row.offers),
  };
};

/** One deal that the caller may read, with what its rules need of the partner; one statement. Throws NOT_FOUND. */
export async function loadDeal(on: Database | Tx, caller: Caller, id: string): Promise<DealView> {
  const params = new Params();
  const sql = `select r.*, ${partnerColumns}, ${standingSql(caller, 'r.partner_id', params)}
    from deals r left join access_partners p on p.id = r.partner_id left join partnerships s on s.partner_id = r.partner_id
    where r.id = ${params.add(id)}::uuid and ${visibleSql(DEALS, dealScope(caller), params)}`;
  const row = await runOne<ViewRow>(on, sql, params.values);
  if (!row) throw notFound('deal');
  return toView(caller, row);
}

export interface DealFilter {
  states: DealState[];
  partnerId: string;
  includeDescendants: boolean;
  customerId: string;
  search: string;
  ownerPersonId: string;
  reviewGroup: string;
  pageSize: number;
  pageToken: string;
}

/** Deals the caller reads, newest first; one statement. */
export async function listDeals(database: Database, caller: Caller, filter: DealFilter): Promise<Page<DealView>> {
  const params = new Params();
  const size = pageSize(filter.pageSize);
  const where: string[] = [];
  if (filter.states.length > 0) where.push(`r.state = any(${params.add(filter.states)}::text[])`);
  if (filter.customerId) where.push(`r.customer_id = ${params.add(filter.customerId)}::uuid`);
  if (filter.ownerPersonId) where.push(`r.owner_person_id = ${params.add(filter.ownerPersonId)}::uuid`);
  if (filter.reviewGroup) where.push(`r.review_group = ${params.add(filter.reviewGroup)}`);
  if (filter.search) where.push(searchSql(filter.search, params));
  const sql = visibleList(
    {
      record: DEALS,
      scope: dealScope(caller),
      partnerId: filter.partnerId,
      below: filter.includeDescendants,
      where,
      after: decodeCursor(filter.pageToken),
      size,
      joins: 'left join access_partners p on p.id = page.partner_id left join partnerships s on s.partner_id = page.partner_id',
      joinedSelect: `p.name as partner_name, p.state as partner_state, s.offers, ${standingSql(caller, 'page.partner_id', params)}`,
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

export const searchSql = (text: string, params: Params): string => {
  const pattern = params.add(`%${text.replaceAll(/[\\%_]/g, '\\$&')}%`);
  return `(r.number ilike ${pattern} or r.title ilike ${pattern} or r.customer_name ilike ${pattern})`;
};

/** Registrations of a partner that are open and have not become an opportunity. */
export async function countOpenUnproven(tx: Tx, partnerId: string): Promise<number> {
  const row = await runOne<{ count: number }>(
    tx,
    `select count(*)::int as count from deals where partner_id = $1 and state in ('SUBMITTED', 'IN_REVIEW', 'INFO_REQUESTED', 'APPROVED')`,
    [partnerId],
  );
  return row!.count;
}

/** Deals by id whatever the caller may read; for what follows from a move on another record. */
export async function loadDealsById(tx: Tx, ids: string[]): Promise<Deal[]> {
  const rows = await run<DealRow>(
    tx,
    'select r.*, p.name as partner_name from deals r left join access_partners p on p.id = r.partner_id where r.id = any($1::uuid[])',
    [ids],
  );
  return rows.map(fromDealRow);
}

/** Takes a draft out of the table. False when it has changed since. */
export async function removeDeal(tx: Tx, deal: Deal): Promise<boolean> {
  const rows = await run(tx, `delete from deals where id = $1 and version = $2 and state = 'DRAFT' returning id`, [deal.id, deal.version]);
  await run(tx, 'delete from deal_readers where record_id = $1', [deal.id]);
  return rows.length === 1;
}

/** Deals by id within the caller's scope, in the order of the ids; one statement. */
export async function loadDealViews(database: Database, caller: Caller, ids: string[]): Promise<DealView[]> {
  const params = new Params();
  const sql = `select r.*, ${partnerColumns}, ${standingSql(caller, 'r.partner_id', params)}
    from deals r left join access_partners p on p.id = r.partner_id left join partnerships s on s.partner_id = r.partner_id
    where r.id = any(${params.add(ids)}::uuid[]) and ${visibleSql(DEALS, dealScope(caller), params)}`;
  const rows = await run<ViewRow>(database, sql, params.values);
  return rows.map((row) => toView(caller, row)).sort((left, right) => ids.indexOf(left.deal.id) - ids.indexOf(right.deal.id));
}
