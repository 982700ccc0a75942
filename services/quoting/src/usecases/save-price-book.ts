import { invalid } from '@openprm/errors';
import { checkEtag, runOne, transact, type Command, type Tx } from '@openprm/postgres';
import { loadPriceBook, writeEntries } from '../db/price-books';
import { findProducts } from '../db/products';
import type { Deps } from '../deps';
import * as rules from '../domain/product';
import { by } from './store';
import { storePriceBook, storeProduct } from './store-catalog';

export type NewPriceBook = Pick<rules.PriceBook, 'name' | 'currency' | 'partnerId' | 'validFrom' | 'validUntil'>;

export const createPriceBook = (deps: Deps, command: Command, input: NewPriceBook): Promise<rules.PriceBook> =>
  transact(deps, command, async (tx) => {
    if (input.partnerId && !(await isPartner(tx, input.partnerId)))
      throw invalid('price_book.partner_id', 'is not a known partner.', 'UNKNOWN_PARTNER');
    return storePriceBook(tx, deps, null, rules.createPriceBook(deps.newId(), input, command.now), by(command, 'create'));
  });

const isPartner = async (tx: Tx, id: string): Promise<boolean> =>
  (await runOne(tx, `select 1 from access_partners where id = $1 and kind = 'EXTERNAL'`, [id])) !== null;

export const updatePriceBook = (
  deps: Deps,
  command: Command,
  target: { id: string; etag: string },
  fields: Partial<Pick<rules.PriceBook, 'name' | 'validFrom' | 'validUntil'>>,
): Promise<rules.PriceBook> =>
  transact(deps, command, async (tx) => {
    const { book } = await loadPriceBook(tx, target.id);
    checkEtag(book, target.etag);
    return storePriceBook(tx, deps, book, rules.updatePriceBook(book, fields, command.now), by(command, 'edit'));
  });

/** Sets prices. Where list prices change, each product's event tells the new one. */
export const setEntries = (
  deps: Deps,
  command: Command,
  target: { id: string; etag: string },
  entriesOf: (currency: string) => rules.PriceBookEntry[],
): Promise<rules.PriceBook> =>
  transact(deps, command, async (tx) => {
    const { book } = await loadPriceBook(tx, target.id);
    checkEtag(book, target.etag);
    const entries = entriesOf(book.currency).map((entry, index) => rules.checkEntry(entry, `entries[${index}]`));
    await writeEntries(
      tx,
      entries.map((entry) => ({ ...entry, priceBookId: book.id })),
    );
    const products = await findProducts(
      tx,
      entries.map((entry) => entry.productId),
      command.now,
    );
    entries.forEach((entry, index) => checkProduct(entry, products.get(entry.productId)?.product, index));
    if (!book.partnerId) {
      for (const { product, ...prices } of products.values())
        storeProduct(tx, deps, product, rules.repriceProduct(product, command.now), prices, by(command, 'reprice'));
    }
    const changed = rules.updatePriceBook(book, {}, command.now);
    return storePriceBook(tx, deps, book, changed, by(command, 'setEntries'), entries);
  });

function checkProduct(entry: rules.PriceBookEntry, product: rules.Product | undefined, index: number): void {
  if (!product) throw invalid(`entries[${index}].product_id`, 'is not a known product.', 'UNKNOWN_PRODUCT');
  const unknown = Object.keys(entry.options).find((code) => !product.options.some((option) => option.code === code));
  if (unknown !== undefined)
    throw invalid(`entries[${index}].option_prices`, `${product.name} has no option ${unknown}.`, 'UNKNOWN_OPTION');
}
