import { aborted, alreadyExists } from '@openprm/errors';
import { saveDecision, type Tx } from '@openprm/postgres';
import { toFamilyRow } from '../db/families';
import { toBookRow } from '../db/price-books';
import { toProductRow } from '../db/products';
import type { Deps } from '../deps';
import type { PriceBook, PriceBookEntry, Product, ProductDecision, ProductFamily, ProductView } from '../domain/product';
import { entriesEvent, familyEvent, priceBookEvent, productEvent } from '../events/to-contract';
import type { Because } from './store';

type Ids = Pick<Deps, 'newId'>;

/** Stores a product; its event carries the prices in `view`. */
export function storeProduct(
  tx: Tx,
  deps: Ids,
  before: Product | null,
  decision: ProductDecision,
  prices: Omit<ProductView, 'product'>,
  because: Because,
): ProductView {
  const view = { ...prices, product: decision.product };
  const { product } = view;
  saveDecision(tx, {
    changes: [{ table: 'products', row: toProductRow(product), expectedVersion: before?.version ?? null }],
    audit: [
      {
        aggregate: 'product',
        aggregateId: product.id,
        version: product.version,
        at: because.now,
        fromState: before?.state ?? '',
        toState: product.state,
        before,
        after: product,
        ...moveOf(because),
      },
    ],
    outbox: [productEvent(view, decision.event, { now: because.now, newId: deps.newId })],
    conflicts: {
      products_sku: () => alreadyExists('SKU_TAKEN', 'product.sku: another product has this article number.'),
      products_external_id: () => alreadyExists('EXTERNAL_ID_TAKEN', 'product.external_id: belongs to another product.'),
    },
  });
  return view;
}

export function storeFamily(tx: Tx, deps: Ids, before: ProductFamily | null, family: ProductFamily, because: Because): ProductFamily {
  saveDecision(tx, {
    changes: [{ table: 'product_families', row: toFamilyRow(family), expectedVersion: before?.version ?? null }],
    audit: [
      {
        aggregate: 'product_family',
        aggregateId: family.id,
        version: family.version,
        at: because.now,
        fromState: '',
        toState: '',
        before,
        after: family,
        ...moveOf(because),
      },
    ],
    outbox: [familyEvent(family, before ? 'ProductFamilyUpdated' : 'ProductFamilyCreated', { now: because.now, newId: deps.newId })],
    // Somebody who asked for this family by name is told so; a product that brings a new family along just repeats.
    conflicts: {
      product_families_code: () =>
        because.move === 'create' ? alreadyExists('FAMILY_TAKEN', 'product_family.code: there is a family with this code.') : aborted(),
    },
  });
  return family;
}

/** Stores a price book; with `entries` the event tells which prices were set. */
export function storePriceBook(
  tx: Tx,
  deps: Ids,
  before: PriceBook | null,
  book: PriceBook,
  because: Because,
  entries?: PriceBookEntry[],
): PriceBook {
  const making = { now: because.now, newId: deps.newId };
  saveDecision(tx, {
    changes: [{ table: 'price_books', row: toBookRow(book), expectedVersion: before?.version ?? null }],
    audit: [
      {
        aggregate: 'price_book',
        aggregateId: book.id,
        version: book.version,
        at: because.now,
        fromState: '',
        toState: '',
        before,
        after: entries ? { book, entries } : book,
        ...moveOf(because),
      },
    ],
    outbox: [
      entries ? entriesEvent(book, entries, making) : priceBookEvent(book, before ? 'PriceBookUpdated' : 'PriceBookCreated', making),
    ],
  });
  return book;
}

const moveOf = ({ move, actor }: Because) => ({ move, actor });
