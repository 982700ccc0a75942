import fc from 'fast-check';
import {
  add,
  compare,
  currencies,
  divideHalfUp,
  equal,
  exponentOf,
  fromDecimal,
  fromGoogleMoney,
  money,
  MoneyError,
  negate,
  percentOf,
  shareInBasisPoints,
  subtract,
  sum,
  sumByCurrency,
  times,
  toDecimal,
  toGoogleMoney,
} from './index';

const anyCurrency = fc.constantFrom(...currencies);
const anyMinor = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
const anyMoney = fc.record({ minor: anyMinor, currency: anyCurrency });
const reasonOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    if (error instanceof MoneyError) return error.reason;
    throw error;
  }
  return 'accepted';
};

describe('currencies', () => {
  test('dollars have cents, yen have none, Bahraini dinars have thousandths', () => {
    expect(['USD', 'EUR', 'JPY', 'BHD', 'CLF'].map(exponentOf)).toEqual([2, 2, 0, 3, 4]);
  });

  test('an unknown code is refused', () => {
    expect(reasonOf(() => money(1n, 'XXX'))).toBe('UNKNOWN_CURRENCY');
    expect(reasonOf(() => money(1n, 'usd'))).toBe('UNKNOWN_CURRENCY');
  });
});

describe('rounding', () => {
  test.each([
    [5n, 2n, 3n],
    [4n, 3n, 1n],
    [-5n, 2n, -3n],
    [5n, -2n, -3n],
    [0n, 7n, 0n],
    [49n, 100n, 0n],
    [50n, 100n, 1n],
  ])('%s / %s is %s', (n, d, expected) => expect(divideHalfUp(n, d)).toBe(expected));

  test('a quotient is never further than half a unit from the truth', () => {
    fc.assert(
      fc.property(anyMinor, fc.bigInt({ min: 1n, max: 10n ** 9n }), (n, d) => {
        const error = 2n * (divideHalfUp(n, d) * d - n);
        expect(error <= d && error >= -d).toBe(true);
      }),
    );
  });

  test('the reversal of an amount is its exact opposite', () => {
    fc.assert(
      fc.property(anyMoney, fc.integer({ min: 0, max: 10_000 }), (amount, bps) => {
        expect(percentOf(negate(amount), bps).minor).toBe(-percentOf(amount, bps).minor);
      }),
    );
  });
});

describe('arithmetic', () => {
  test('amounts of two currencies are never put together', () => {
    for (const operation of [add, subtract, compare]) {
      expect(reasonOf(() => operation(money(1n, 'USD'), money(1n, 'EUR')))).toBe('CURRENCY_MISMATCH');
    }
  });

  test('sums are kept per currency and sorted by code', () => {
    expect(sumByCurrency([money(5n, 'USD'), money(2n, 'EUR'), money(6n, 'USD')])).toEqual([money(2n, 'EUR'), money(11n, 'USD')]);
  });

  test('the order of summing does not matter and nothing gets lost', () => {
    fc.assert(
      fc.property(fc.array(anyMinor, { maxLength: 50 }), (minors) => {
        const amounts = minors.map((minor) => money(minor, 'EUR'));
        expect(sum(amounts, 'EUR').minor).toBe(minors.reduce((left, right) => left + right, 0n));
        expect(sum([...amounts].reverse(), 'EUR')).toEqual(sum(amounts, 'EUR'));
      }),
    );
  });

  test('a quantity times a price is the price added up', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -1000n, max: 1000n }), fc.integer({ min: 0, max: 50 }), (minor, n) => {
        expect(times(money(minor, 'JPY'), n)).toEqual(
          sum(
            Array.from({ length: n }, () => money(minor, 'JPY')),
            'JPY',
          ),
        );
      }),
    );
  });

  test('a fractional quantity or percentage is refused: there are no floats', () => {
    expect(() => times(money(1n, 'USD'), 1.5)).toThrow(RangeError);
    expect(() => percentOf(money(1n, 'USD'), 12.5)).toThrow(RangeError);
  });

  test('a percentage is rounded half up once', () => {
    expect(percentOf(money(1050n, 'USD'), 500).minor).toBe(53n); // 52.5
    expect(percentOf(money(1049n, 'USD'), 500).minor).toBe(52n); // 52.45
  });

  test('a percentage and the rest make the whole', () => {
    fc.assert(
      fc.property(anyMoney, fc.integer({ min: 0, max: 10_000 }), (amount, bps) => {
        expect(equal(add(percentOf(amount, bps), subtract(amount, percentOf(amount, bps))), amount)).toBe(true);
      }),
    );
  });

  test('a share is told in basis points and is zero of nothing', () => {
    expect(shareInBasisPoints(money(1n, 'USD'), money(3n, 'USD'))).toBe(3333);
    expect(shareInBasisPoints(money(2n, 'USD'), money(3n, 'USD'))).toBe(6667);
    expect(shareInBasisPoints(money(2n, 'USD'), money(0n, 'USD'))).toBe(0);
  });

  test('an absurd amount is refused before a database sees it', () => {
    expect(reasonOf(() => times(money(10n ** 17n, 'USD'), 100))).toBe('TOO_LARGE');
  });
});

describe('google.type.Money', () => {
  test('every amount comes back the same', () => {
    fc.assert(fc.property(anyMoney, (amount) => expect(fromGoogleMoney(toGoogleMoney(amount))).toEqual(amount)));
  });

  test('units and nanos carry the same sign', () => {
    expect(toGoogleMoney(money(-175n, 'USD'))).toEqual({ currencyCode: 'USD', units: -1n, nanos: -750_000_000 });
    expect(reasonOf(() => fromGoogleMoney({ currencyCode: 'USD', units: 1n, nanos: -10_000_000 }))).toBe('SIGN_MISMATCH');
  });

  test.each([
    ['USD', 5_000_000],
    ['JPY', 500_000_000],
    ['BHD', 500_000],
  ])('a fraction of a minor unit of %s is refused, not rounded', (currencyCode, nanos) => {
    expect(reasonOf(() => fromGoogleMoney({ currencyCode, units: 1n, nanos }))).toBe('FRACTION_OF_MINOR_UNIT');
  });

  test('yen have no nanos and dinars have three digits', () => {
    expect(toGoogleMoney(money(1234n, 'JPY'))).toEqual({ currencyCode: 'JPY', units: 1234n, nanos: 0 });
    expect(toGoogleMoney(money(1234n, 'BHD'))).toEqual({ currencyCode: 'BHD', units: 1n, nanos: 234_000_000 });
  });

  test('nanos out of range are no amount', () => {
    expect(reasonOf(() => fromGoogleMoney({ currencyCode: 'USD', units: 1n, nanos: 1_000_000_000 }))).toBe('NOT_AN_AMOUNT');
    expect(reasonOf(() => fromGoogleMoney({ currencyCode: 'USD', units: 1n, nanos: 0.5 }))).toBe('NOT_AN_AMOUNT');
  });
});

describe('decimal text', () => {
  test('every amount comes back the same', () => {
    fc.assert(fc.property(anyMoney, (amount) => expect(fromDecimal(toDecimal(amount), amount.currency)).toEqual(amount)));
  });

  test.each([
    ['1054', 'USD', 105400n],
    [' 1054.5 ', 'USD', 105450n],
    ['-0.05', 'USD', -5n],
    ['1054.00', 'JPY', 1054n],
    ['0.001', 'BHD', 1n],
  ])('%s %s is %s minor units', (text, currency, minor) => expect(fromDecimal(text, currency).minor).toBe(minor));

  test.each(['', '1,234', '1.2.3', 'abc', '1e5', '٣', '--1', '.5'])('"%s" is not an amount', (text) => {
    expect(reasonOf(() => fromDecimal(text, 'USD'))).toBe('NOT_AN_AMOUNT');
  });

  test('a third digit of a cent is refused', () => {
    expect(reasonOf(() => fromDecimal('1.005', 'USD'))).toBe('FRACTION_OF_MINOR_UNIT');
  });
});
