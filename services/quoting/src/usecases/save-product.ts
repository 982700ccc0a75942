import { invalid } from '@openprm/errors';
import type { Money } from '@openprm/money';
import { checkEtag, transact, type Command, type Tx } from '@openprm/postgres';
import { findFamilies } from '../db/families';
import { findStandardBooks, writeEntries } from '../db/price-books';
import { loadProduct } from '../db/products';
import type { Deps } from '../deps';
import * as rules from '../domain/product';
import { by, type Because } from './store';
import { storeFamily, storePriceBook, storeProduct } from './store-catalog';

export interface NewProduct {
  profile: rules.ProductProfile;
  familyName: string;
  externalId: string | null;
  listPrices: Money[];
  unitCosts: Money[];
}

/** What a new product brings along: its family when it is the first of it, standard books for its currencies, its prices. */
export class Catalog {
  private readonly entries: (rules.PriceBookEntry & { priceBookId: string })[] = [];

  private constructor(
    private readonly tx: Tx,
    private readonly deps: Deps,
    private readonly because: Because,
    private readonly families: Map<string, rules.ProductFamily>,
    private readonly books: Map<string, rules.PriceBook>,
  ) {}

  static async open(tx: Tx, deps: Deps, because: Because, products: NewProduct[]): Promise<Catalog> {
    const families = await findFamilies(
      tx,
      products.map((each) => each.profile.family),
    );
    const books = await findStandardBooks(
      tx,
      products.flatMap((each) => each.listPrices.map((price) => price.currency)),
      because.now,
    );
    return new Catalog(tx, deps, because, families, books);
  }

  /** Checks everything before it writes anything: in a batch a refused product leaves nothing behind. */
  add(product: NewProduct): rules.ProductView {
    checkPrices(product);
    const { now } = this.because;
    const decision = rules.createProduct(this.deps.newId(), product.profile, product.externalId, now);
    this.familyOf(product);
    for (const price of product.listPrices) {
      const unitCost = product.unitCosts.find((cost) => cost.currency === price.currency)?.minor ?? null;
      this.entries.push({
        productId: decision.product.id,
        unitPrice: price.minor,
        unitCost,
        options: {},
        priceBookId: this.bookOf(price.currency).id,
      });
    }
    return storeProduct(this.tx, this.deps, null, decision, { listPrices: product.listPrices, unitCosts: product.unitCosts }, this.because);
  }

  /** Writes the prices; the books they stand in are stored at the end of the transaction. */
  close(): Promise<void> {
    return writeEntries(this.tx, this.entries);
  }

  private familyOf({ profile: { family: code }, familyName }: NewProduct): void {
    if (this.families.has(code)) return;
    const family = rules.createFamily(this.deps.newId(), code, familyName || code, [], this.because.now);
    this.families.set(code, storeFamily(this.tx, this.deps, null, family, { ...this.because, move: 'import' }));
  }

  private bookOf(currency: string): rules.PriceBook {
    const known = this.books.get(currency);
    if (known) return known;
    const { now } = this.because;
    // Valid from the beginning of time, so that a quote of the past finds it too.
    const book = rules.createPriceBook(
      this.deps.newId(),
      { name: `${currency} list`, currency, partnerId: null, validFrom: new Date(0), validUntil: null },
      now,
    );
    this.books.set(currency, storePriceBook(this.tx, this.deps, null, book, this.because));
    return book;
  }
}

function checkPrices({ listPrices, unitCosts }: NewProduct): void {
  const currencies = new Set(listPrices.map((price) => price.currency));
  if ([...listPrices, ...unitCosts].some((amount) => amount.minor < 0n))
    throw invalid('product.list_prices', 'an amount is negative.', 'NOT_AN_AMOUNT');
  if (currencies.size < listPrices.length) throw invalid('product.list_prices', 'has a currency twice.', 'CURRENCY');
  if (unitCosts.some((cost) => !currencies.has(cost.currency)))
    throw invalid('product.unit_costs', 'has a currency without a list price.', 'CURRENCY');
}

export const createProduct = (deps: Deps, command: Command, product: NewProduct): Promise<rules.ProductView> =>
  transact(deps, command, async (tx) => {
    const catalog = await Catalog.open(tx, deps, by(command, 'create'), [product]);
    const view = catalog.add(product);
    await catalog.close();
    return view;
  });

export const updateProduct = (
  deps: Deps,
  command: Command,
  target: { id: string; etag: string },
  profile: Partial<rules.ProductProfile>,
): Promise<rules.ProductView> =>
  transact(deps, command, async (tx) => {
    const { product, ...prices } = await loadProduct(tx, { all: true }, target.id, command.now);
    checkEtag(product, target.etag);
    if (profile.family) {
      const families = await findFamilies(tx, [profile.family]);
      if (!families.has(profile.family))
        storeFamily(
          tx,
          deps,
          null,
          rules.createFamily(deps.newId(), profile.family, profile.family, [], command.now),
          by(command, 'import'),
        );
    }
    return storeProduct(tx, deps, product, rules.updateProduct(product, profile, command.now), prices, by(command, 'edit'));
  });

export const retireProduct = (deps: Deps, command: Command, target: { id: string; etag: string }): Promise<rules.ProductView> =>
  transact(deps, command, async (tx) => {
    const { product, ...prices } = await loadProduct(tx, { all: true }, target.id, command.now);
    checkEtag(product, target.etag);
    return storeProduct(tx, deps, product, rules.retireProduct(product, command.now), prices, by(command, 'retire'));
  });
