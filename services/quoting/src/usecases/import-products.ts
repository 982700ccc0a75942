import { invalid } from '@openprm/errors';
import { answerItem, importBatch, type Command, type ImportResult } from '@openprm/postgres';
import { findImported, findSkus, lockImport } from '../db/imports';
import type { Deps } from '../deps';
import { Catalog, type NewProduct } from './save-product';
import { by } from './store';

export interface ImportProductItem {
  externalId: string;
  /** Reads the message; throws what is wrong with it. */
  read: () => NewProduct;
}

/** Records products with their list prices. Seven statements however many items. */
export const importProducts = (deps: Deps, command: Command, items: ImportProductItem[], validateOnly: boolean): Promise<ImportResult[]> =>
  importBatch(deps, command, validateOnly, async (tx) => {
    await lockImport(tx, 'products');
    const known = await findImported(
      tx,
      'products',
      items.map((item) => item.externalId),
    );
    const products = new Map(items.map((item) => [item, attempt(item.read)]));
    const readable = [...products.values()].flatMap((each) => (each.value ? [each.value] : []));
    const skus = await findSkus(
      tx,
      readable.map((each) => each.profile.sku),
    );
    const catalog = await Catalog.open(tx, deps, by(command, 'import'), readable);
    const results = items.map((item) =>
      answerItem(item, known.get(item.externalId), () => {
        const product = valueOf(products.get(item)!);
        if (skus.has(product.profile.sku)) throw invalid('product.sku', 'another product has this article number.', 'SKU_TAKEN');
        const { id } = catalog.add(product).product;
        skus.add(product.profile.sku);
        known.set(item.externalId, id);
        return id;
      }),
    );
    await catalog.close();
    return results;
  });

interface Attempt<T> {
  value?: T;
  error?: unknown;
}

function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}

function valueOf<T>(attempted: Attempt<T>): T {
  if (attempted.value === undefined) throw attempted.error;
  return attempted.value;
}
