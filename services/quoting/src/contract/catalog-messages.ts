import {
  CatalogScope,
  ProductState,
  type PriceBook as PriceBookMessage,
  type PriceBookEntry as PriceBookEntryMessage,
  type Product as ProductMessage,
  type ProductFamily as ProductFamilyMessage,
} from '@openprm/contracts/quoting';
import { money, toGoogleMoney } from '@openprm/money';
import type { PriceBook, PriceBookEntry, ProductFamily, ProductView } from '../domain/product';

/** Costs are for the enterprise alone. */
export const toProduct = (
  { product, listPrices, unitCosts }: ProductView,
  viewer: { enterprise: boolean; moves: string[] },
): ProductMessage => ({
  id: product.id,
  sku: product.sku,
  name: product.name,
  description: product.description,
  family: product.family,
  catalogScope: CatalogScope[product.catalogScope],
  state: ProductState[product.state],
  needsCheck: product.needsCheck,
  options: product.options,
  listPrices: listPrices.map(toGoogleMoney),
  unitCosts: viewer.enterprise ? unitCosts.map(toGoogleMoney) : [],
  externalId: viewer.enterprise ? (product.externalId ?? '') : '',
  moves: viewer.moves,
  etag: String(product.version),
  createTime: product.createdAt,
  updateTime: product.updatedAt,
});

export const toFamily = (family: ProductFamily): ProductFamilyMessage => ({
  code: family.code,
  name: family.name,
  volumeBreaks: family.volumeBreaks.map((each) => ({ minQuantity: each.minQuantity, discountBasisPoints: each.discountBps })),
  etag: String(family.version),
  createTime: family.createdAt,
  updateTime: family.updatedAt,
});

export const toPriceBook = (book: PriceBook, partnerName = ''): PriceBookMessage => ({
  id: book.id,
  name: book.name,
  currency: book.currency,
  partnerId: book.partnerId ?? '',
  partnerName,
  validFrom: book.validFrom,
  validUntil: book.validUntil ?? undefined,
  etag: String(book.version),
  createTime: book.createdAt,
  updateTime: book.updatedAt,
});

export function toEntry(entry: PriceBookEntry, currency: string, productName = ''): PriceBookEntryMessage {
  const amount = (minor: bigint) => toGoogleMoney(money(minor, currency));
  return {
    productId: entry.productId,
    productName,
    unitPrice: amount(entry.unitPrice),
    unitCost: entry.unitCost === null ? undefined : amount(entry.unitCost),
    optionPrices: Object.entries(entry.options).map(([option, price]) => ({ option, price: amount(price) })),
  };
}
