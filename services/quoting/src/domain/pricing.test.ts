import { divideHalfUp } from '@openprm/money';
import fc from 'fast-check';
import { givenFacts, givenLine, givenPrice, OTHER, priced } from '../testing/given';
import { priceLine, priceLines, reachedBreak, type PriceFacts } from './pricing';
import { partnerTotalsOf, totalsOf } from './totals';

const price = (line: Parameters<typeof givenLine>[0], facts: Partial<PriceFacts> = {}, familyQuantity = line?.quantity ?? 1) =>
  priceLine(givenLine(line), 'USD', givenFacts(facts), familyQuantity);
const kinds = (result: ReturnType<typeof price>) => result.steps.map((step) => [step.kind, step.lineAmount]);
const BREAKS = [
  { minQuantity: 10, discountBps: 500 },
  { minQuantity: 50, discountBps: 1000 },
];

test('a partner with the list rule pays the list price', () => {
  expect(price({ quantity: 3 }, { volumeBreaks: BREAKS })).toMatchObject({
    unitListPrice: 10000n,
    listAmount: 30000n,
    entitledAmount: 30000n,
    netAmount: 30000n,
    costAmount: null,
  });
});

test('every step from list to amount is kept, in order', () => {
  const facts = { list: givenPrice({ options: { WARRANTY: 1000n } }), rule: 'VOLUME' as const, volumeBreaks: BREAKS, registrationBps: 500 };
  const result = price({ quantity: 10, options: ['WARRANTY'], discountBps: 1000 }, facts);
  expect(kinds(result)).toEqual([
    ['LIST', 100000n],
    ['ADDER', 110000n],
    ['VOLUME', 104500n],
    ['REGISTRATION', 99275n],
    ['MANUAL', 89348n],
  ]);
  expect(result).toMatchObject({ unitListPrice: 11000n, listAmount: 110000n, entitledAmount: 99275n, netAmount: 89348n });
});

test('the line is rounded once, not at each step', () => {
  // 0.05 less 50 % is 0.025, less 50 % again 0.0125: rounding each step would give 0.03, then 0.02.
  expect(price({ discountBps: 5000 }, { list: givenPrice({ unitPrice: 5n }), registrationBps: 5000 }).netAmount).toBe(1n);
});

test('half a minor unit is rounded up', () => {
  expect(price({ discountBps: 5000 }, { list: givenPrice({ unitPrice: 101n }) }).netAmount).toBe(51n);
});

test('a custom price takes the place of the list price; options are added to it', () => {
  const facts = {
    list: givenPrice({ options: { WARRANTY: 1000n } }),
    custom: givenPrice({ book: 'Custom', unitPrice: 8000n }),
    rule: 'CUSTOM' as const,
    volumeBreaks: BREAKS,
  };
  expect(kinds(price({ quantity: 10, options: ['WARRANTY'] }, facts))).toEqual([
    ['LIST', 100000n],
    ['ADDER', 110000n],
    ['CUSTOM', 90000n],
  ]);
});

test('a custom price counts only under the custom rule, and without one the volume breaks do', () => {
  const custom = givenPrice({ unitPrice: 1n });
  expect(price({ quantity: 10 }, { custom, rule: 'VOLUME', volumeBreaks: BREAKS }).netAmount).toBe(95000n);
  expect(price({ quantity: 10 }, { custom: null, rule: 'CUSTOM', volumeBreaks: BREAKS }).netAmount).toBe(95000n);
});

test.each([
  [1, null],
  [9, null],
  [10, 500],
  [49, 500],
  [50, 1000],
  [1000, 1000],
])('%s units reach the break of %s basis points', (quantity, bps) => {
  expect(reachedBreak(BREAKS, quantity)?.discountBps ?? null).toBe(bps);
});

test('a volume break counts a family over all lines of one partner, and never of another', () => {
  const own = [givenLine({ quantity: 6 }), givenLine({ quantity: 4 })];
  const foreign = givenLine({ quantity: 9, linePartnerId: OTHER });
  const otherFamily = givenLine({ quantity: 9, family: 'MG' });
  const lines = priced([...own, foreign, otherFamily], { rule: 'VOLUME', volumeBreaks: BREAKS });
  expect(lines.map((line) => line.priced!.netAmount)).toEqual([57000n, 38000n, 90000n, 90000n]);
});

test('without a price in the currency the answer names it and nothing is converted', () => {
  expect(() => price({}, { list: null })).toThrow(expect.objectContaining({ reason: 'NO_PRICE', message: expect.stringContaining('USD') }));
  expect(() => price({ options: ['WARRANTY'] })).toThrow(expect.objectContaining({ reason: 'NO_PRICE' }));
});

test('under the protection of somebody else there is the list price and no discount', () => {
  const facts = { barred: true, rule: 'VOLUME' as const, volumeBreaks: BREAKS, registrationBps: 500 };
  expect(kinds(price({ quantity: 10 }, facts))).toEqual([['LIST', 100000n]]);
  expect(() => price({ discountBps: 1 }, facts)).toThrow(expect.objectContaining({ reason: 'DISCOUNT_NOT_POSSIBLE' }));
});

test('the cost is that of the list, and unknown stays unknown', () => {
  expect(price({ quantity: 3 }, { list: givenPrice({ unitCost: 4000n }) }).costAmount).toBe(12000n);
  expect(price({ quantity: 3 }).costAmount).toBeNull();
});

test('an absurd amount is refused', () => {
  expect(() => price({ quantity: 1_000_000 }, { list: givenPrice({ unitPrice: 10n ** 17n }) })).toThrow(
    expect.objectContaining({ reason: 'TOO_LARGE' }),
  );
});

const anyLine = fc.record({
  quantity: fc.integer({ min: 1, max: 10_000 }),
  discountBps: fc.integer({ min: 0, max: 10_000 }),
  linePartnerId: fc.constantFrom('a', 'b', 'c'),
  family: fc.constantFrom('GTX', 'MG'),
});
const anyFacts = fc.record({
  unitPrice: fc.bigInt({ min: 0n, max: 10n ** 9n }),
  registrationBps: fc.integer({ min: 0, max: 10_000 }),
  rule: fc.constantFrom('LIST' as const, 'VOLUME' as const),
});

const quoteOf = (
  lines: Partial<Parameters<typeof givenLine>[0]>[],
  facts: { unitPrice: bigint; registrationBps: number; rule: 'LIST' | 'VOLUME' },
) =>
  priceLines(
    lines.map((line) => givenLine(line as object)),
    'USD',
    () => givenFacts({ ...facts, volumeBreaks: BREAKS, list: givenPrice({ unitPrice: facts.unitPrice, unitCost: facts.unitPrice / 2n }) }),
  );

test('totals are sums of rounded lines, whole and per partner', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { minLength: 1, maxLength: 30 }), anyFacts, (inputs, facts) => {
      const lines = quoteOf(inputs, facts);
      const whole = totalsOf(lines, 'USD')!;
      const sum = (pick: (line: (typeof lines)[number]) => bigint) => lines.reduce((total, line) => total + pick(line), 0n);
      expect(whole.net.minor).toBe(sum((line) => line.priced!.netAmount));
      expect(whole.list.minor).toBe(sum((line) => line.priced!.listAmount));
      const partners = [...partnerTotalsOf(lines, 'USD').values()];
      expect(partners.reduce((total, each) => total + each.net.minor, 0n)).toBe(whole.net.minor);
      expect(partners.reduce((total, each) => total + each.cost!.minor, 0n)).toBe(whole.cost!.minor);
    }),
  );
});

test('a line lies within half a minor unit of the exact product of its discounts, between nothing and list', () => {
  fc.assert(
    fc.property(anyLine, anyFacts, (input, facts) => {
      const [line] = quoteOf([input], { ...facts, rule: 'LIST' });
      const { listAmount, netAmount } = line!.priced!;
      const exact = listAmount * BigInt(10_000 - facts.registrationBps) * BigInt(10_000 - input.discountBps);
      expect(netAmount).toBe(divideHalfUp(exact, 100_000_000n));
      expect(netAmount >= 0n && netAmount <= listAmount).toBe(true);
    }),
  );
});

test('the last step is the amount of the line', () => {
  fc.assert(
    fc.property(anyLine, anyFacts, (input, facts) => {
      const [line] = quoteOf([input], facts);
      expect(line!.priced!.steps.at(-1)!.lineAmount).toBe(line!.priced!.netAmount);
    }),
  );
});

test('the order of lines changes no amount', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { minLength: 1, maxLength: 10 }), anyFacts, (inputs, facts) => {
      const net = (list: typeof inputs) => quoteOf(list, facts).map((line) => line.priced!.netAmount);
      expect(net([...inputs].reverse())).toEqual(net(inputs).reverse());
    }),
  );
});
