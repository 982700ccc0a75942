import { hasRole, isEnterprise, type Caller } from '@openprm/access';
import type {
  PriceBookEntry as EntryMessage,
  Product as ProductMessage,
  ProductFamily,
  QuotingServiceServer,
} from '@openprm/contracts/quoting';
import { invalid } from '@openprm/errors';
import { masked, toImportResult, type Handlers } from '@openprm/grpc';
import { isCurrency } from '@openprm/money';
import { possibleMoves } from '@openprm/moves';
import { toEntry, toFamily, toPriceBook, toProduct } from '../contract/catalog-messages';
import { toMoney, toProductProfile } from '../contract/from-message';
import { listFamilies } from '../db/families';
import { listEntries, listPriceBooks, loadPriceBook } from '../db/price-books';
import { listProducts, loadProduct } from '../db/products';
import type { Deps } from '../deps';
import { productMoves, type PriceBookEntry, type ProductView } from '../domain/product';
import { importProducts } from '../usecases/import-products';
import { createFamily, updateFamily } from '../usecases/save-family';
import { createPriceBook, setEntries, updatePriceBook } from '../usecases/save-price-book';
import { createProduct, retireProduct, updateProduct, type NewProduct } from '../usecases/save-product';
import { catalogOf } from './scopes';

type CatalogHandlers = Pick<
  Handlers<QuotingServiceServer>,
  | 'createProduct'
  | 'listProducts'
  | 'getProduct'
  | 'updateProduct'
  | 'retireProduct'
  | 'importProducts'
  | 'createProductFamily'
  | 'listProductFamilies'
  | 'updateProductFamily'
  | 'createPriceBook'
  | 'listPriceBooks'
  | 'getPriceBook'
  | 'updatePriceBook'
  | 'setPriceBookEntries'
  | 'listPriceBookEntries'
>;

export function catalogHandlers(deps: Deps): CatalogHandlers {
  return {
    createProduct: async ({ product }, { caller, command }) =>
      view(caller, await createProduct(deps, command, toNewProduct(product!, product!.externalId || null))),
    listProducts: async (request, { caller }) => {
      const page = await listProducts(deps.database, catalogOf(caller, request.partnerId), request, deps.clock());
      return { products: page.items.map((each) => view(caller, each)), nextPageToken: page.nextPageToken };
    },
    getProduct: async ({ id }, { caller }) => view(caller, await loadProduct(deps.database, catalogOf(caller), id, deps.clock())),
    updateProduct: async ({ product, updateMask, etag }, { caller, command }) =>
      view(caller, await updateProduct(deps, command, { id: product!.id, etag }, masked(toProductProfile(product!), updateMask))),
    retireProduct: async (request, { caller, command }) => view(caller, await retireProduct(deps, command, request)),
    importProducts: async ({ items, validateOnly }, { command }) => {
      const batch = items.map((item) => ({
        externalId: item.externalId,
        read: () => toNewProduct(item.product!, item.externalId, item.familyName),
      }));
      return { results: (await importProducts(deps, command, batch, validateOnly)).map(toImportResult) };
    },
    createProductFamily: async ({ productFamily }, { command }) =>
      toFamily(await createFamily(deps, command, { ...productFamily!, volumeBreaks: breaksOf(productFamily!) })),
    listProductFamilies: async () => ({ productFamilies: (await listFamilies(deps.database)).map(toFamily) }),
    updateProductFamily: async ({ productFamily, updateMask, etag }, { command }) => {
      const fields = masked({ name: productFamily!.name, volumeBreaks: breaksOf(productFamily!) }, updateMask);
      return toFamily(await updateFamily(deps, command, { code: productFamily!.code, etag }, fields));
    },
    createPriceBook: async ({ priceBook }, { command }) => {
      const { name, currency, partnerId, validFrom, validUntil } = priceBook!;
      if (!isCurrency(currency)) throw invalid('price_book.currency', 'is not an ISO 4217 currency.', 'CURRENCY');
      return toPriceBook(
        await createPriceBook(deps, command, {
          name,
          currency,
          partnerId: partnerId || null,
          validFrom: validFrom ?? command.now,
          validUntil: validUntil ?? null,
        }),
      );
    },
    listPriceBooks: async (request) => {
      const page = await listPriceBooks(deps.database, request);
      return { priceBooks: page.items.map((each) => toPriceBook(each.book, each.partnerName)), nextPageToken: page.nextPageToken };
    },
    getPriceBook: async ({ id }) => {
      const found = await loadPriceBook(deps.database, id);
      return toPriceBook(found.book, found.partnerName);
    },
    updatePriceBook: async ({ priceBook, updateMask, etag }, { command }) => {
      const { id, name, validFrom, validUntil } = priceBook!;
      const fields = masked({ name, ...(validFrom && { validFrom }), validUntil: validUntil ?? null }, updateMask);
      return toPriceBook(await updatePriceBook(deps, command, { id, etag }, fields));
    },
    setPriceBookEntries: async (request, { command }) =>
      toPriceBook(
        await setEntries(deps, command, request, (currency) =>
          request.entries.map((entry, index) => fromEntry(entry, currency, `entries[${index}]`)),
        ),
      ),
    listPriceBookEntries: async ({ priceBookId, ...paging }) => {
      const { book } = await loadPriceBook(deps.database, priceBookId);
      const page = await listEntries(deps.database, priceBookId, paging);
      return { entries: page.items.map((each) => toEntry(each.entry, book.currency, each.productName)), nextPageToken: page.nextPageToken };
    },
  };
}

function view(caller: Caller, product: ProductView): ProductMessage {
  const moves = hasRole(caller, 'ENTERPRISE_ADMIN') ? possibleMoves(productMoves, product.product.state) : [];
  return toProduct(product, { enterprise: isEnterprise(caller), moves });
}

const toNewProduct = (product: ProductMessage, externalId: string | null, familyName = ''): NewProduct => ({
  profile: toProductProfile(product),
  familyName,
  externalId,
  listPrices: product.listPrices.map((price, index) => toMoney(price, `product.list_prices[${index}]`)),
  unitCosts: product.unitCosts.map((cost, index) => toMoney(cost, `product.unit_costs[${index}]`)),
});

const breaksOf = (family: ProductFamily) =>
  family.volumeBreaks.map((each) => ({ minQuantity: each.minQuantity, discountBps: each.discountBasisPoints }));

/** Every amount of an entry is in the currency of its book. */
function fromEntry(entry: EntryMessage, currency: string, field: string): PriceBookEntry {
  const amount = (sent: NonNullable<EntryMessage['unitPrice']>, path: string): bigint => {
    const { minor, currency: given } = toMoney(sent, `${field}.${path}`);
    if (given !== currency) throw invalid(`${field}.${path}`, `the book is in ${currency}.`, 'CURRENCY');
    return minor;
  };
  return {
    productId: entry.productId,
    unitPrice: amount(entry.unitPrice!, 'unit_price'),
    unitCost: entry.unitCost ? amount(entry.unitCost, 'unit_cost') : null,
    options: Object.fromEntries(
      entry.optionPrices.map(({ option, price }, index) => [option, amount(price!, `option_prices[${index}].price`)]),
    ),
  };
}
