import { notFound } from '@openprm/errors';
import { Params, scopeSql, type Scope } from '@openprm/access';
import { isCurrency, money, type Money } from '@openprm/money';
import { containing, decodeCursor, pageSize, run, runOne, toPage, type Database, type Page, type Tx } from '@openprm/postgres';
import type { CatalogScope, ProductState } from '../domain/catalog';
import type { Product, ProductOption, ProductView } from '../domain/product';

export interface ProductRow {
  id: string;
  version: number;
  sku: string;
  name: string;
  description: string;
  family: string;
  catalog_scope: CatalogScope;
  state: ProductState;
  needs_check: boolean;
  options: ProductOption[];
  external_id: string | null;
  created_at: Date;
  updated_at: Date;
}

export const toProductRow = (product: Product) => ({
  id: product.id,
  version: product.version,
  sku: product.sku,
  name: product.name,
  description: product.description,
  family: product.family,
  catalog_scope: product.catalogScope,
  state: product.state,
  needs_check: product.needsCheck,
  options: product.options,
  external_id: product.externalId,
  created_at: product.createdAt,
  updated_at: product.updatedAt,
});

export const fromProductRow = (row: ProductRow): Product => ({
  id: row.id,
  version: row.version,
  sku: row.sku,
  name: row.name,
  description: row.description,
  family: row.family,
  catalogScope: row.catalog_scope,
  state: row.state,
  needsCheck: row.needs_check,
  options: row.options,
  externalId: row.external_id,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

interface ViewRow extends ProductRow {
  prices: { currency: string; price: string; cost: string | null }[] | null;
}

/** List prices valid at `now`, one per currency: of several books the one that starts last. */
const prices = (now: string): string => `(select jsonb_agg(v) from (
    select distinct on (b.currency) b.currency, e.unit_price::text as price, e.unit_cost::text as cost
    from price_book_entries e join price_books b on b.id = e.price_book_id
    where e.product_id = page.id and b.partner_id is null and b.valid_from <= ${now} and (b.valid_until is null or b.valid_until > ${now})
    order by b.currency, b.valid_from desc, b.id desc) v) as prices`;

const toView = (row: ViewRow): ProductView => ({ product: fromProductRow(row), ...toPrices(row.prices) });

function toPrices(rows: ViewRow['prices']): { listPrices: Money[]; unitCosts: Money[] } {
  const known = (rows ?? []).filter((row) => isCurrency(row.currency));
  return {
    listPrices: known.map((row) => money(BigInt(row.price), row.currency)),
    unitCosts: known.flatMap((row) => (row.cost === null ? [] : [money(BigInt(row.cost), row.currency)])),
  };
}

/** The whole catalog, or what at least one of these partners may quote. */
export type CatalogReach = { all: true } | { all: false; partnerIds: string[]; within: Scope };

/** Condition that a product lies in reach. A partner without entitlements, or outside the caller's scope, has the standard catalog. */
function inReach(reach: CatalogReach, column: string, params: Params): string {
  if (reach.all) return 'true';
  return `${column} = any(array['STANDARD'] || array(
    select s from ref_partnerships r cross join lateral unnest(case r.catalog_scope when 'FULL' then array['EXTENDED', 'FULL'] when 'EXTENDED' then array['EXTENDED'] else '{}'::text[] end) s
    where r.partner_id = any(${params.add(reach.partnerIds)}::uuid[]) and ${scopeSql(reach.within, 'r.partner_id', params)}))`;
}

/** One product within the catalog the caller may see. Throws NOT_FOUND when missing or outside. */
export async function loadProduct(on: Database | Tx, reach: CatalogReach, id: string, now: Date): Promise<ProductView> {
  const params = new Params();
  const row = await runOne<ViewRow>(
    on,
    `select page.*, ${prices(params.add(now))} from products page where page.id = ${params.add(id)} and ${inReach(reach, 'page.catalog_scope', params)}`,
    params.values,
  );
  if (!row) throw notFound('product');
  return toView(row);
}

/** Products by id with their prices, as far as they are there. */
export async function findProducts(on: Database | Tx, ids: string[], now: Date): Promise<Map<string, ProductView>> {
  const rows = await run<ViewRow>(on, `select page.*, ${prices('$2')} from products page where page.id = any($1::uuid[])`, [ids, now]);
  return new Map(rows.map((row) => [row.id, toView(row)]));
}

export interface ProductFilter {
  search: string;
  family: string;
  includeRetired: boolean;
  pageSize: number;
  pageToken: string;
}

/** Products newest first; one statement. */
export async function listProducts(database: Database, reach: CatalogReach, filter: ProductFilter, now: Date): Promise<Page<ProductView>> {
  const params = new Params();
  const size = pageSize(filter.pageSize);
  const after = decodeCursor(filter.pageToken);
  const where = [inReach(reach, 'p.catalog_scope', params)];
  if (!filter.includeRetired) where.push(`p.state = 'ACTIVE'`);
  if (filter.family) where.push(`p.family = ${params.add(filter.family)}`);
  if (filter.search) {
    const like = params.add(containing(filter.search));
    where.push(`(p.name ilike ${like} or p.sku ilike ${like})`);
  }
  if (after) where.push(`(p.created_at, p.id) < (${params.add(after.time)}::timestamptz, ${params.add(after.id)}::uuid)`);
  const page = `select p.* from products p where ${where.join(' and ')} order by p.created_at desc, p.id desc limit ${params.add(size + 1)}`;
  const rows = await run<ViewRow>(
    database,
    `select page.*, ${prices(params.add(now))} from (${page}) page order by page.created_at desc, page.id desc`,
    params.values,
  );
  const { items, nextPageToken } = toPage(
    rows.map((row) => ({ ...row, time: row.created_at })),
    size,
  );
  return { items: items.map(toView), nextPageToken };
}
