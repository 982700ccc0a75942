import { newId, OTHER, OWNER } from '../testing/given';
import type { CatalogScope, ProductFacts } from './catalog';
import { bpsToPercent, inCatalog, percentToBps, scopesWithin, toCatalogScope, toPriceRule } from './catalog';
import { replaceLines, writeLine, type LineContext, type LineInput } from './line';

const product = (fields: Partial<ProductFacts> = {}): ProductFacts => ({
  id: 'p1',
  sku: 'S1',
  name: 'GTX Pro',
  family: 'GTX',
  catalogScope: 'STANDARD',
  state: 'ACTIVE',
  needsCheck: false,
  options: ['WARRANTY'],
  ...fields,
});
const context = (fields: Partial<LineContext> = {}): LineContext => ({
  ownerId: OWNER,
  products: new Map([
    ['p1', product()],
    ['p2', product({ id: 'p2', name: 'MG', family: 'MG' })],
  ]),
  scopeOf: () => 'STANDARD',
  knows: (id) => id === OWNER || id === OTHER,
  actsFor: (id) => id === OWNER,
  newId,
  ...fields,
});
const write = (input: LineInput, fields: Partial<LineContext> = {}, before?: Parameters<typeof writeLine>[0]) =>
  writeLine(before, input, context(fields));
const refusal = (work: () => unknown) => {
  try {
    work();
    return 'accepted';
  } catch (error) {
    return (error as { reason: string }).reason;
  }
};

test('a new line takes the product as it is, one unit, and the owner as its partner', () => {
  expect(write({ productId: 'p1' })).toMatchObject({
    productName: 'GTX Pro',
    family: 'GTX',
    quantity: 1,
    linePartnerId: OWNER,
    discountBps: 0,
    confirmation: 'NOT_NEEDED',
    shared: false,
    priced: null,
  });
});

test('what a line cannot be', () => {
  expect(refusal(() => write({}))).toBe('UNKNOWN_PRODUCT');
  expect(refusal(() => write({ productId: 'p9' }))).toBe('UNKNOWN_PRODUCT');
  expect(refusal(() => write({ productId: 'p1', linePartnerId: 'p9' }))).toBe('UNKNOWN_PARTNER');
  expect(refusal(() => write({ productId: 'p1', options: ['TURBO'] }))).toBe('UNKNOWN_OPTION');
});

test('a retired product comes on no new line and stays on an old one', () => {
  const products = new Map([['p1', product({ state: 'RETIRED' })]]);
  expect(refusal(() => write({ productId: 'p1' }, { products }))).toBe('PRODUCT_RETIRED');
  expect(write({ quantity: 5 }, { products }, write({ productId: 'p1' }))).toMatchObject({ quantity: 5 });
});

const SCOPES: CatalogScope[] = ['STANDARD', 'EXTENDED', 'FULL'];
test.each(SCOPES.flatMap((ofProduct) => SCOPES.map((ofPartner) => [ofProduct, ofPartner] as const)))(
  'a product of the %s catalog for a partner with the %s one',
  (ofProduct, ofPartner) => {
    const fits = SCOPES.indexOf(ofProduct) <= SCOPES.indexOf(ofPartner);
    expect(inCatalog(ofProduct, ofPartner)).toBe(fits);
    expect(scopesWithin(ofPartner).includes(ofProduct)).toBe(fits);
    expect(
      refusal(() =>
        write({ productId: 'p1' }, { products: new Map([['p1', product({ catalogScope: ofProduct })]]), scopeOf: () => ofPartner }),
      ),
    ).toBe(fits ? 'accepted' : 'NOT_IN_CATALOG');
  },
);

test("the catalog is that of the line's partner, not of whoever writes the line", () => {
  const products = new Map([['p1', product({ catalogScope: 'FULL' })]]);
  const scopeOf = (id: string): CatalogScope => (id === OTHER ? 'FULL' : 'STANDARD');
  expect(refusal(() => write({ productId: 'p1', linePartnerId: OTHER }, { products, scopeOf }))).toBe('accepted');
  expect(refusal(() => write({ productId: 'p1', linePartnerId: OWNER }, { products, scopeOf }))).toBe('NOT_IN_CATALOG');
});

test("a discount on another partner's line is not the owner's to give", () => {
  expect(refusal(() => write({ productId: 'p1', linePartnerId: OTHER, discountBps: 100 }))).toBe('NOT_YOUR_LINE');
  expect(refusal(() => write({ productId: 'p1', linePartnerId: OTHER, discountBps: 100 }, { actsFor: () => true }))).toBe('accepted');
});

test('the owner changes the quantity of a foreign line and keeps its discount without knowing it', () => {
  const before = { ...write({ productId: 'p1', linePartnerId: OTHER }), discountBps: 700 };
  expect(write({ quantity: 9 }, {}, before)).toMatchObject({ quantity: 9, discountBps: 700 });
  expect(refusal(() => write({ linePartnerId: OWNER, discountBps: 0 }, {}, before))).toBe('accepted');
});

test('replacing lines leaves what the sender cannot know of a foreign line, and takes the own as sent', () => {
  const foreign = { ...write({ productId: 'p1', linePartnerId: OTHER }), discountBps: 700, options: ['WARRANTY'] };
  const own = { ...write({ productId: 'p1' }), discountBps: 700, options: ['WARRANTY'] };
  const sent = [foreign, own].map((line) => ({ id: line.id, quantity: 2, options: [], discountBps: 0 }));
  expect(replaceLines([foreign, own], sent, context())).toMatchObject([
    { quantity: 2, discountBps: 700, options: ['WARRANTY'] },
    { quantity: 2, discountBps: 0, options: [] },
  ]);
});

test('a line that goes to another partner takes no discount along', () => {
  const before = { ...write({ productId: 'p1', linePartnerId: OTHER }), discountBps: 700, options: ['WARRANTY'] };
  expect(write({ linePartnerId: OWNER }, {}, before)).toMatchObject({ discountBps: 0, options: [] });
});

test('a foreign line waits for its partner, and again after somebody else changes it', () => {
  const fresh = write({ productId: 'p1', linePartnerId: OTHER });
  expect(fresh.confirmation).toBe('PENDING');
  const confirmed = { ...fresh, confirmation: 'CONFIRMED' as const };
  expect(write({}, {}, confirmed).confirmation).toBe('CONFIRMED');
  expect(write({ quantity: 2 }, {}, confirmed).confirmation).toBe('PENDING');
  expect(write({ linePartnerId: OWNER }, {}, confirmed).confirmation).toBe('NOT_NEEDED');
});

test('a line that goes to another partner is no longer shared', () => {
  const shared = { ...write({ productId: 'p1', linePartnerId: OTHER }), shared: true };
  expect(write({ quantity: 2 }, {}, shared).shared).toBe(true);
  expect(write({ linePartnerId: OWNER }, {}, shared).shared).toBe(false);
});

test('replacing lines keeps those named by id and numbers all in order', () => {
  const [one, two] = replaceLines([], [{ productId: 'p1', quantity: 3 }, { productId: 'p2' }], context());
  const lines = replaceLines([one!, two!], [{ id: two!.id, quantity: 4 }, { productId: 'p1' }], context());
  expect(lines).toMatchObject([
    { id: two!.id, position: 1, quantity: 4, productId: 'p2' },
    { position: 2, quantity: 1, productId: 'p1' },
  ]);
  expect(refusal(() => replaceLines([one!], [{ id: 'unknown', productId: 'p1' }], context()))).toBe('UNKNOWN_LINE');
  expect(refusal(() => replaceLines([one!], [{ id: one!.id }, { id: one!.id }], context()))).toBe('UNKNOWN_LINE');
});

test('entitlements as text become rules', () => {
  expect(['standard', 'extended', 'full', 'FULL', undefined, 'x'].map(toCatalogScope)).toEqual([
    'STANDARD',
    'EXTENDED',
    'FULL',
    'FULL',
    'STANDARD',
    'STANDARD',
  ]);
  expect(['list', 'volume', 'custom', undefined].map(toPriceRule)).toEqual(['LIST', 'VOLUME', 'CUSTOM', 'LIST']);
});

test('percentages as text become basis points without a float', () => {
  expect(['5', '7.5', '7.25', '0', '100', ' 10 ', undefined, '', '5,5', '-5', '1e2', '1.234'].map(percentToBps)).toEqual([
    500,
    750,
    725,
    0,
    10000,
    1000,
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
  expect([500, 750, 725, 5, 0].map(bpsToPercent)).toEqual(['5 %', '7.5 %', '7.25 %', '0.05 %', '0 %']);
});
