import { CatalogScope, ProductState } from '@openprm/contracts/quoting';
import { ImportOutcome } from '@openprm/contracts/type';
import { newId, run } from '@openprm/postgres';
import { givenPartner, givenProduct, givenQuoting, nextNumber, refusal, usd, type Quoting } from './given';

let quoting: Quoting;
beforeAll(async () => {
  quoting = await givenQuoting();
});
afterAll(() => quoting.stop());

test('a product comes with its family, its standard book and its prices: answer, row and events', async () => {
  const product = await quoting.admin.createProduct({
    product: {
      sku: 'A-1',
      name: 'Alpha',
      family: 'ALPHA',
      listPrices: [usd(10), { currencyCode: 'JPY', units: 1500n }],
      unitCosts: [usd(4)],
    },
  });
  expect(product).toMatchObject({
    state: ProductState.ACTIVE,
    catalogScope: CatalogScope.STANDARD,
    listPrices: [usd(10), { currencyCode: 'JPY', units: 1500n, nanos: 0 }],
    unitCosts: [usd(4)],
    moves: ['retire'],
    etag: '1',
  });
  expect((await quoting.admin.listProductFamilies({})).productFamilies.map((family) => family.code)).toContain('ALPHA');
  expect((await quoting.outbox()).map((event) => event.type)).toEqual(
    expect.arrayContaining(['ProductFamilyCreated', 'PriceBookCreated', 'PriceBookCreated', 'ProductCreated']),
  );
  const { priceBooks } = await quoting.admin.listPriceBooks({ currency: 'JPY' });
  expect((await quoting.admin.listPriceBookEntries({ priceBookId: priceBooks[0]!.id })).entries).toMatchObject([
    { productName: 'Alpha', unitPrice: { units: 1500n } },
  ]);
});

test('an article number is used once; refused products leave no price behind', async () => {
  await givenProduct(quoting, { sku: 'ONCE' });
  const entries = async () => (await run(quoting.service.database, 'select 1 from price_book_entries')).length;
  const before = await entries();
  expect(await refusal(givenProduct(quoting, { sku: 'ONCE' }))).toBe('ALREADY_EXISTS SKU_TAKEN');
  expect(await refusal(givenProduct(quoting, { listPrices: [usd(1), usd(2)] }))).toBe('INVALID_ARGUMENT CURRENCY');
  expect(await refusal(givenProduct(quoting, { listPrices: [usd(-1)] }))).toBe('INVALID_ARGUMENT NOT_AN_AMOUNT');
  expect(await refusal(givenProduct(quoting, { listPrices: [usd(1, 5_000_000)] }))).toBe('INVALID_ARGUMENT NOT_AN_AMOUNT');
  expect(await refusal(givenProduct(quoting, { listPrices: [{ currencyCode: 'ABC', units: 1n }] }))).toBe('INVALID_ARGUMENT CURRENCY');
  expect(await refusal(givenProduct(quoting, { unitCosts: [{ currencyCode: 'EUR', units: 1n }] }))).toBe('INVALID_ARGUMENT CURRENCY');
  expect(await entries()).toBe(before);
});

test('a product is changed by mask and retired for good', async () => {
  const product = await givenProduct(quoting);
  const changed = await quoting.admin.updateProduct({
    product: { id: product.id, name: 'New name' },
    updateMask: ['name'],
    etag: product.etag,
  });
  expect(changed).toMatchObject({ name: 'New name', sku: product.sku, listPrices: [usd(100)], etag: '2' });
  expect(
    await refusal(quoting.admin.updateProduct({ product: { id: product.id, name: 'x' }, updateMask: ['name'], etag: product.etag })),
  ).toBe('ABORTED STALE_VERSION');
  expect(await quoting.admin.retireProduct({ id: product.id })).toMatchObject({ state: ProductState.RETIRED, moves: [] });
  expect(await refusal(quoting.admin.retireProduct({ id: product.id }))).toBe('FAILED_PRECONDITION ILLEGAL_MOVE');
});

test('a price that is set reaches the product and its event', async () => {
  const product = await givenProduct(quoting);
  const { priceBooks } = await quoting.admin.listPriceBooks({ currency: 'USD' });
  const book = priceBooks[0]!;
  await quoting.admin.setPriceBookEntries({ id: book.id, etag: book.etag, entries: [{ productId: product.id, unitPrice: usd(120) }] });
  expect(await quoting.admin.getProduct({ id: product.id })).toMatchObject({ listPrices: [usd(120)], unitCosts: [], etag: '2' });
  expect((await quoting.outbox()).filter((event) => [product.id, book.id].includes(event.key)).slice(-2)).toMatchObject([
    { type: 'ProductRepriced', value: { product: { listPrices: [{ currencyCode: 'USD', units: '120' }] } } },
    { type: 'PriceBookEntriesSet', value: { entries: [{ productId: product.id }] } },
  ]);
  const set = (entry: object) =>
    refusal(quoting.admin.setPriceBookEntries({ id: book.id, entries: [{ productId: product.id, unitPrice: usd(1), ...entry }] }));
  expect(await set({ unitPrice: { currencyCode: 'EUR', units: 1n } })).toBe('INVALID_ARGUMENT CURRENCY');
  expect(await set({ productId: newId() })).toBe('INVALID_ARGUMENT UNKNOWN_PRODUCT');
  expect(await set({ optionPrices: [{ option: 'NONE', price: usd(1) }] })).toBe('INVALID_ARGUMENT UNKNOWN_OPTION');
  expect(await set({ unitCost: usd(-1) })).toBe('INVALID_ARGUMENT NOT_AN_AMOUNT');
});

test('a partner browses what its tier opens and never sees a cost', async () => {
  const family = `SCOPE${nextNumber()}`;
  for (const catalogScope of [CatalogScope.STANDARD, CatalogScope.EXTENDED, CatalogScope.FULL])
    await givenProduct(quoting, { family, catalogScope });
  const browse = async (scope: string) => {
    const partner = await givenPartner(quoting, { entitlements: { 'catalog.scope': scope } });
    return (await partner.associate.listProducts({ family })).products;
  };
  expect((await browse('standard')).map((product) => product.catalogScope)).toEqual([CatalogScope.STANDARD]);
  expect(await browse('extended')).toHaveLength(2);
  const full = await browse('full');
  expect(full).toHaveLength(3);
  expect(full[0]).toMatchObject({ unitCosts: [], externalId: '', moves: [] });
  const hidden = full.find((product) => product.catalogScope === CatalogScope.FULL)!;
  const partner = await givenPartner(quoting);
  expect(await refusal(partner.seller.getProduct({ id: hidden.id }))).toBe('NOT_FOUND NOT_FOUND');
  expect((await quoting.desk.listProducts({ family, partnerId: partner.id })).products).toHaveLength(1);
});

test('the catalog and its prices are the admin’s to write and the books the enterprise’s to read', async () => {
  const partner = await givenPartner(quoting);
  for (const who of [partner.seller, partner.owner, quoting.desk, quoting.executive]) {
    for (const attempt of [
      who.createProduct({ product: { sku: 'X', name: 'X', family: 'X' } }),
      who.retireProduct({ id: newId() }),
      who.createPriceBook({ priceBook: { name: 'X', currency: 'USD' } }),
      who.importProducts({ items: [{ externalId: 'x', product: { sku: 'x', name: 'x', family: 'X' } }] }),
      who.createProductFamily({ productFamily: { code: 'X', name: 'X' } }),
    ]) {
      expect(await refusal(attempt)).toBe('PERMISSION_DENIED ROLE_NOT_ALLOWED');
    }
  }
  expect(await refusal(partner.seller.listPriceBooks({}))).toBe('PERMISSION_DENIED ROLE_NOT_ALLOWED');
  expect(await refusal(partner.owner.listPriceBookEntries({ priceBookId: newId() }))).toBe('PERMISSION_DENIED ROLE_NOT_ALLOWED');
});

test('volume breaks rise in quantity and discount', async () => {
  const family = `VB${nextNumber()}`;
  const created = await quoting.admin.createProductFamily({
    productFamily: {
      code: family,
      name: 'Breaks',
      volumeBreaks: [
        { minQuantity: 50, discountBasisPoints: 900 },
        { minQuantity: 10, discountBasisPoints: 500 },
      ],
    },
  });
  expect(created.volumeBreaks.map((each) => each.minQuantity)).toEqual([10, 50]);
  const update = (volumeBreaks: object[]) =>
    refusal(quoting.admin.updateProductFamily({ productFamily: { code: family, volumeBreaks }, updateMask: ['volume_breaks'] }));
  expect(
    await update([
      { minQuantity: 10, discountBasisPoints: 500 },
      { minQuantity: 20, discountBasisPoints: 400 },
    ]),
  ).toBe('INVALID_ARGUMENT INVALID');
  expect(await update([])).toBe('accepted');
  expect(await refusal(quoting.admin.createProductFamily({ productFamily: { code: family, name: 'Again' } }))).toBe(
    'ALREADY_EXISTS FAMILY_TAKEN',
  );
});

describe('import of products', () => {
  const item = (externalId: string, fields: object = {}) => ({
    externalId,
    familyName: 'Imported',
    product: { sku: externalId, name: externalId, family: 'IMP', listPrices: [usd(55)], ...fields },
  });

  test('answers each item on its own; a second run changes nothing', async () => {
    const items = [
      item('crm:1'),
      item('crm:2', { listPrices: [usd(-1)] }),
      item('crm:3', { sku: 'crm:1' }),
      item('crm:4', { family: 'IMP' }),
      item('crm:1'),
    ];
    const { results } = await quoting.admin.importProducts({ items });
    expect(results.map((each) => each.outcome)).toEqual([
      ImportOutcome.CREATED,
      ImportOutcome.REFUSED,
      ImportOutcome.REFUSED,
      ImportOutcome.CREATED,
      ImportOutcome.UNCHANGED,
    ]);
    expect(results[1]!.violations).toMatchObject([{ field: 'product.list_prices', reason: 'NOT_AN_AMOUNT' }]);
    expect(results[2]!.violations).toMatchObject([{ field: 'product.sku', reason: 'SKU_TAKEN' }]);
    expect(await quoting.admin.getProduct({ id: results[0]!.id })).toMatchObject({
      externalId: 'crm:1',
      listPrices: [usd(55)],
      family: 'IMP',
    });
    const events = (await quoting.outbox()).length;
    const again = await quoting.admin.importProducts({ items: [item('crm:1'), item('crm:4')] });
    expect(again.results.map((each) => [each.outcome, each.id])).toEqual([
      [ImportOutcome.UNCHANGED, results[0]!.id],
      [ImportOutcome.UNCHANGED, results[3]!.id],
    ]);
    expect((await quoting.outbox()).length).toBe(events);
  });

  test('a dry run says the same and writes nothing', async () => {
    const { results } = await quoting.admin.importProducts({ items: [item('dry:1')], validateOnly: true });
    expect(results[0]!.outcome).toBe(ImportOutcome.CREATED);
    expect((await quoting.admin.listProducts({ search: 'dry:1' })).products).toEqual([]);
  });
});
