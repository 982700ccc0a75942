import type { Facts } from './facts';
import type { Order } from './order';
import { medianOf, reviewReasons, triggers } from './review';
import { defaultSettings } from './settings';
import { givenFacts, givenLine, givenOrder, givenPartner, now, partnerA, usd } from '../testing/given';

const fired = (order: Partial<Order> = {}, facts: Facts = givenFacts()): string[] =>
  reviewReasons(givenOrder(order), facts, defaultSettings, now).map((each) => each.rule);
const worth = (minor: number): Partial<Order> => ({ lines: [givenLine({ amount: usd(minor) })] });
const tier = (code: string | null): Partial<Facts> => ({ partners: new Map([[partnerA, givenPartner({ tier: code })]]) });
const customerWith = (change: Partial<NonNullable<Facts['customer']>>, history = { ordersOfCustomer: 0 }): Facts =>
  givenFacts({ customer: { ...givenFacts().customer!, ...change } }, history);
const noMedian = { recentTotals: [] };

describe('a person looks at an order', () => {
  it('never when no rule has anything to say', () => expect(fired()).toEqual([]));

  it.each([
    [0, true],
    [1, true],
    [2, true],
    [3, false],
  ])('with %i orders before it: %s', (ordersOfPartner, expected) => {
    expect(fired({}, givenFacts({}, { ordersOfPartner })).includes('FIRST_ORDERS')).toBe(expected);
  });

  it.each([
    ['BRONZE', 1_000_000],
    ['SILVER', 2_500_000],
    ['GOLD', 10_000_000],
    ['PLATINUM', 25_000_000],
    [null, 1_000_000],
    ['STELLAR', 1_000_000],
  ])('of tier %s a cent over %i, not at it', (code, limit) => {
    const facts = givenFacts(tier(code), noMedian);
    expect(fired(worth(limit), facts)).not.toContain('AMOUNT_OVER_TIER_LIMIT');
    expect(fired(worth(limit + 1), facts)).toContain('AMOUNT_OVER_TIER_LIMIT');
  });

  it('in a currency that cannot be compared with the limit', () => {
    const lines = [givenLine({ amount: { minor: 1n, currency: 'EUR' } })];
    expect(fired({ currency: 'EUR', lines }, givenFacts({}, noMedian))).toEqual(['AMOUNT_OVER_TIER_LIMIT']);
  });

  it('a cent over three times the six-month median', () => {
    expect(fired(worth(300_000))).not.toContain('AMOUNT_OVER_MEDIAN');
    expect(fired(worth(300_001))).toContain('AMOUNT_OVER_MEDIAN');
    expect(fired(worth(300_001), givenFacts({}, noMedian))).not.toContain('AMOUNT_OVER_MEDIAN');
  });

  it('of a new customer without tax id or with free mail, never of one who ordered before', () => {
    expect(fired({}, customerWith({ taxId: '' }))).toEqual(['NEW_CUSTOMER_UNPROVEN']);
    expect(fired({}, customerWith({ mailDomain: 'gmail.com' }))).toEqual(['NEW_CUSTOMER_UNPROVEN']);
    expect(fired({}, customerWith({}))).toEqual([]);
    expect(fired({}, customerWith({ taxId: '', mailDomain: 'gmail.com' }, { ordersOfCustomer: 1 }))).toEqual([]);
  });

  it("delivered to another country than the customer's, or to a watched one", () => {
    const shipTo = { ...givenOrder().shipTo, country: 'CA' };
    expect(fired({ shipTo })).toEqual(['SHIP_TO_DIFFERS']);
    const order = givenOrder({ shipTo });
    const facts = customerWith({ country: 'CA' });
    expect(reviewReasons(order, facts, { ...defaultSettings, watchedCountries: ['CA'] }, now)).toEqual([
      { rule: 'SHIP_TO_DIFFERS', text: 'Delivery to CA, which is on the watch list.' },
    ]);
    expect(fired({ shipTo }, customerWith({ country: '' }))).toEqual([]);
  });

  it.each(['domain', 'mailDomain'])('whose customer shares its %s with the partner', (field) => {
    expect(fired({}, customerWith({ [field]: 'partner-a.example' }))).toEqual(['CUSTOMER_IS_PARTNER']);
    expect(fired({}, { ...customerWith({ [field]: '' }), partners: new Map([[partnerA, givenPartner({ domain: '' })]]) })).toEqual([]);
  });

  it('after three orders in a row with the whole discount', () => {
    expect(fired({}, givenFacts({}, { discountAtLimitInARow: 2 }))).toEqual([]);
    expect(fired({}, givenFacts({}, { discountAtLimitInARow: 3 }))).toEqual(['DISCOUNT_AT_LIMIT']);
  });

  it('when it is the third within thirty days between 90 and 100 percent of the limit', () => {
    const facts = (monthTotals: bigint[]) => givenFacts({}, { ...noMedian, monthTotals });
    expect(fired(worth(9_500_000), facts([9_000_000n, 10_000_000n]))).toEqual(['MANY_JUST_UNDER_LIMIT']);
    expect(fired(worth(9_500_000), facts([8_999_999n, 10_000_000n]))).toEqual([]);
    expect(fired(worth(9_500_000), facts([10_000_001n, 10_000_000n]))).toEqual([]);
  });

  it('whose customer is protected for somebody else in the family, in all families, or in a family nobody knows', () => {
    expect(fired({}, givenFacts({ foreignFamilies: ['GTX'] }))).toEqual(['FOREIGN_PROTECTION']);
    expect(fired({}, givenFacts({ foreignFamilies: ['*'] }))).toEqual(['FOREIGN_PROTECTION']);
    expect(fired({}, givenFacts({ foreignFamilies: ['MG'] }))).toEqual([]);
    expect(fired({ lines: [givenLine({ productFamily: null })] }, givenFacts({ foreignFamilies: ['MG'] }))).toEqual(['FOREIGN_PROTECTION']);
  });

  it('handed in by somebody who joined less than seven days ago', () => {
    const day = 86_400_000;
    expect(fired({}, givenFacts({ memberSince: new Date(now.getTime() - 7 * day) }))).toEqual([]);
    expect(fired({}, givenFacts({ memberSince: new Date(now.getTime() - 7 * day + 1) }))).toEqual(['YOUNG_MEMBERSHIP']);
    expect(fired({}, givenFacts({ memberSince: null }))).toEqual([]);
  });

  it('for every rule that fires at once', () => {
    const facts = givenFacts({ foreignFamilies: ['*'], memberSince: now }, { ordersOfPartner: 0, discountAtLimitInARow: 4 });
    expect(fired(worth(20_000_000), facts)).toEqual([
      'FIRST_ORDERS',
      'AMOUNT_OVER_TIER_LIMIT',
      'AMOUNT_OVER_MEDIAN',
      'DISCOUNT_AT_LIMIT',
      'FOREIGN_PROTECTION',
      'YOUNG_MEMBERSHIP',
    ]);
  });

  it('with the compared values in the text', () => {
    const [reason] = reviewReasons(givenOrder(worth(10_000_001)), givenFacts({}, noMedian), defaultSettings, now);
    expect(reason?.text).toBe("100000.01 USD is over the tier's limit of 100000.00 USD.");
  });

  it('by ten rules', () => expect(Object.keys(triggers)).toHaveLength(10));
});

describe('the median', () => {
  it.each([
    [[], null],
    [[7n], 7n],
    [[9n, 1n], 1n],
    [[9n, 1n, 5n], 5n],
    [[4n, 3n, 2n, 1n], 2n],
  ] as [bigint[], bigint | null][])('of %s is %s', (values, median) => expect(medianOf(values)).toBe(median));
});
