import { failedPrecondition, invalid } from '@openprm/errors';
import type { Money } from '@openprm/money';
import { nextState, type Moves } from '@openprm/moves';
import type { CatalogScope, ProductState } from './catalog';
import type { VolumeBreak } from './pricing';

export interface ProductOption {
  code: string;
  name: string;
}

export interface ProductProfile {
  sku: string;
  name: string;
  description: string;
  family: string;
  catalogScope: CatalogScope;
  needsCheck: boolean;
  options: ProductOption[];
}

export interface Product extends ProductProfile {
  id: string;
  version: number;
  state: ProductState;
  externalId: string | null;
  createdAt: Date;
  updatedAt: Date;
}

/** A product with the list prices and costs that are valid now, one per currency. */
export interface ProductView {
  product: Product;
  listPrices: Money[];
  unitCosts: Money[];
}

export const productMoves: Moves<ProductState, 'retire'> = { retire: { from: ['ACTIVE'], to: 'RETIRED' } };

export type ProductEventType = 'ProductCreated' | 'ProductUpdated' | 'ProductRepriced' | 'ProductRetired';

export interface ProductDecision {
  product: Product;
  event: ProductEventType;
}

export function createProduct(id: string, profile: ProductProfile, externalId: string | null, now: Date): ProductDecision {
  checkOptions(profile.options);
  return { product: { ...profile, id, version: 1, state: 'ACTIVE', externalId, createdAt: now, updatedAt: now }, event: 'ProductCreated' };
}

export function updateProduct(product: Product, profile: Partial<ProductProfile>, now: Date): ProductDecision {
  if (profile.options) checkOptions(profile.options);
  return { product: next(product, profile, now), event: 'ProductUpdated' };
}

export const retireProduct = (product: Product, now: Date): ProductDecision => ({
  product: next(product, { state: nextState(productMoves, 'retire', product.state) }, now),
  event: 'ProductRetired',
});

/** Its price in a book changed: whoever keeps a copy of the catalog hears of it. */
export const repriceProduct = (product: Product, now: Date): ProductDecision => ({
  product: next(product, {}, now),
  event: 'ProductRepriced',
});

const next = (product: Product, fields: Partial<Product>, now: Date): Product => ({
  ...product,
  ...fields,
  version: product.version + 1,
  updatedAt: now,
});

function checkOptions(options: ProductOption[]): void {
  if (new Set(options.map((each) => each.code)).size < options.length)
    throw invalid('product.options', 'has a code twice.', 'UNKNOWN_OPTION');
}

export interface ProductFamily {
  code: string;
  id: string;
  version: number;
  name: string;
  volumeBreaks: VolumeBreak[];
  createdAt: Date;
  updatedAt: Date;
}

export function createFamily(id: string, code: string, name: string, volumeBreaks: VolumeBreak[], now: Date): ProductFamily {
  return { id, code, version: 1, name, volumeBreaks: sorted(volumeBreaks), createdAt: now, updatedAt: now };
}

export const updateFamily = (
  family: ProductFamily,
  fields: { name?: string | undefined; volumeBreaks?: VolumeBreak[] | undefined },
  now: Date,
): ProductFamily => ({
  ...family,
  name: fields.name ?? family.name,
  volumeBreaks: fields.volumeBreaks ? sorted(fields.volumeBreaks) : family.volumeBreaks,
  version: family.version + 1,
  updatedAt: now,
});

/** More units never cost more: each break must give more than the one before it. */
function sorted(breaks: VolumeBreak[]): VolumeBreak[] {
  const ordered = [...breaks].sort((left, right) => left.minQuantity - right.minQuantity);
  const wrong = ordered.some(
    (each, index) =>
      index > 0 && (each.minQuantity === ordered[index - 1]!.minQuantity || each.discountBps <= ordered[index - 1]!.discountBps),
  );
  if (wrong)
    throw invalid('product_family.volume_breaks', 'each needs a larger quantity and a larger discount than the one before.', 'INVALID');
  return ordered;
}

export interface PriceBook {
  id: string;
  version: number;
  name: string;
  currency: string;
  partnerId: string | null;
  validFrom: Date;
  validUntil: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

export function createPriceBook(
  id: string,
  fields: Pick<PriceBook, 'name' | 'currency' | 'partnerId' | 'validFrom' | 'validUntil'>,
  now: Date,
): PriceBook {
  return checkValidity({ ...fields, id, version: 1, createdAt: now, updatedAt: now });
}

export const updatePriceBook = (
  book: PriceBook,
  fields: Partial<Pick<PriceBook, 'name' | 'validFrom' | 'validUntil'>>,
  now: Date,
): PriceBook => checkValidity({ ...book, ...fields, version: book.version + 1, updatedAt: now });

function checkValidity(book: PriceBook): PriceBook {
  if (book.validUntil && book.validUntil <= book.validFrom) throw invalid('price_book.valid_until', 'lies before valid_from.', 'INVALID');
  return book;
}

export interface PriceBookEntry {
  productId: string;
  unitPrice: bigint;
  unitCost: bigint | null;
  options: Record<string, bigint>;
}

/** Amounts of a price book are zero or more. */
export function checkEntry(entry: PriceBookEntry, field: string): PriceBookEntry {
  const amounts = [entry.unitPrice, entry.unitCost ?? 0n, ...Object.values(entry.options)];
  if (amounts.some((amount) => amount < 0n)) throw invalid(field, 'an amount is negative.', 'NOT_AN_AMOUNT');
  return entry;
}

export const skuTaken = (): Error => failedPrecondition('SKU_TAKEN', 'Another product has this article number.');
