import { notFound } from '@openprm/errors';
import { Params } from '@openprm/access';
import { decodeCursor, pageSize, run, runOne, toJson, toPage, type Database, type Page, type Tx } from '@openprm/postgres';
import type { PriceBook, PriceBookEntry } from '../domain/product';

interface BookRow {
  id: string;
  version: number;
  name: string;
  currency: string;
  partner_id: string | null;
  valid_from: Date;
  valid_until: Date | null;
  created_at: Date;
  updated_at: Date;
}

export const toBookRow = (book: PriceBook) => ({
  id: book.id,
  version: book.version,
  name: book.name,
  currency: book.currency,
  partner_id: book.partnerId,
  valid_from: book.validFrom,
  valid_until: book.validUntil,
  created_at: book.createdAt,
  updated_at: book.updatedAt,
});

const fromBookRow = (row: BookRow): PriceBook => ({
  id: row.id,
  version: row.version,
  name: row.name,
  currency: row.currency,
  partnerId: row.partner_id,
  validFrom: row.valid_from,
  validUntil: row.valid_until,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

export interface PriceBookView {
  book: PriceBook;
  partnerName: string;
}

const NAME = '(select a.name from access_partners a where a.id = page.partner_id) as partner_name';
const toView = (row: BookRow & { partner_name: string | null }): PriceBookView => ({
  book: fromBookRow(row),
  partnerName: row.partner_name ?? '',
});

export async function loadPriceBook(on: Database | Tx, id: string): Promise<PriceBookView> {
  const row = await runOne<BookRow & { partner_name: string | null }>(
    on,
    `select page.*, ${NAME} from price_books page where page.id = $1`,
    [id],
  );
  if (!row) throw notFound('price book');
  return toView(row);
}

export interface PriceBookFilter {
  currency: string;
  partnerId: string;
  pageSize: number;
  pageToken: string;
}

/** Price books newest first; one statement. */
export async function listPriceBooks(database: Database, filter: PriceBookFilter): Promise<Page<PriceBookView>> {
  const params = new Params();
  const size = pageSize(filter.pageSize);
  const after = decodeCursor(filter.pageToken);
  const where = ['true'];
  if (filter.currency) where.push(`b.currency = ${params.add(filter.currency)}`);
  if (filter.partnerId) where.push(`b.partner_id = ${params.add(filter.partnerId)}`);
  if (after) where.push(`(b.created_at, b.id) < (${params.add(after.time)}::timestamptz, ${params.add(after.id)}::uuid)`);
  const page = `select b.* from price_books b where ${where.join(' and ')} order by b.created_at desc, b.id desc limit ${params.add(size + 1)}`;
  const rows = await run<BookRow & { partner_name: string | null }>(
    database,
    `select page.*, ${NAME} from (${page}) page order by page.created_at desc, page.id desc`,
    params.values,
  );
  const { items, nextPageToken } = toPage(
    rows.map((row) => ({ ...row, time: row.created_at })),
    size,
  );
  return { items: items.map(toView), nextPageToken };
}

interface EntryRow {
  product_id: string;
  unit_price: bigint;
  unit_cost: bigint | null;
  options: Record<string, string>;
  product_name: string;
}

export interface EntryView {
  entry: PriceBookEntry;
  productName: string;
}

/** Prices of one book by product id; one statement. The token is the last product id. */
export async function listEntries(
  database: Database,
  priceBookId: string,
  filter: { pageSize: number; pageToken: string },
): Promise<Page<EntryView>> {
  const size = pageSize(filter.pageSize);
  const after = decodeCursor(filter.pageToken);
  const rows = await run<EntryRow>(
    database,
    `select e.*, coalesce(p.name, '') as product_name from (
       select * from price_book_entries where price_book_id = $1 and ($2::uuid is null or product_id > $2) order by product_id limit $3) e
     left join products p on p.id = e.product_id order by e.product_id`,
    [priceBookId, after?.id ?? null, size + 1],
  );
  const { items, nextPageToken } = toPage(
    rows.map((row) => ({ ...row, time: new Date(0), id: row.product_id })),
    size,
  );
  return { items: items.map(toEntryView), nextPageToken };
}

const toEntryView = (row: EntryRow): EntryView => ({
  productName: row.product_name,
  entry: {
    productId: row.product_id,
    unitPrice: row.unit_price,
    unitCost: row.unit_cost,
    options: Object.fromEntries(Object.entries(row.options).map(([code, price]) => [code, BigInt(price)])),
  },
});

/** Writes prices; those of other products stay. One statement. */
export async function writeEntries(tx: Tx, entries: (PriceBookEntry & { priceBookId: string })[]): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map((each) => ({
    price_book_id: each.priceBookId,
    product_id: each.productId,
    unit_price: each.unitPrice,
    unit_cost: each.unitCost,
    options: each.options,
  }));
  await run(
    tx,
    `insert into price_book_entries (price_book_id, product_id, unit_price, unit_cost, options)
     select price_book_id, product_id, unit_price, unit_cost, options from jsonb_populate_recordset(null::price_book_entries, $1::jsonb)
     on conflict (price_book_id, product_id) do update set unit_price = excluded.unit_price, unit_cost = excluded.unit_cost, options = excluded.options`,
    [toJson(rows)],
  );
}

/** The standard book of each currency that is valid at `now`: where a price goes that names no book. */
export async function findStandardBooks(tx: Tx, currencies: string[], now: Date): Promise<Map<string, PriceBook>> {
  const rows = await run<BookRow>(
    tx,
    `select distinct on (b.currency) b.* from price_books b where b.partner_id is null and b.currency = any($1::text[]) and b.valid_from <= $2 and (b.valid_until is null or b.valid_until > $2)
     order by b.currency, b.valid_from desc, b.id desc`,
    [currencies, now],
  );
  return new Map(rows.map((row) => [row.currency, fromBookRow(row)]));
}
