import { exponentOf } from './currencies';
import { MoneyError } from './money-error';
import { divideHalfUp } from './rounding';

/** An amount in integer minor units (cents, yen, fils) of one ISO 4217 currency. */
export interface Money {
  readonly minor: bigint;
  readonly currency: string;
}

// Far above any business amount and below int64, so that a sum of a few thousand of them still fits a bigint column's inputs
// and an absurd amount is the caller's mistake instead of a database error.
const limit = 10n ** 18n - 1n;

/** Throws UNKNOWN_CURRENCY, or TOO_LARGE beyond 10^18 - 1 minor units. */
export function money(minor: bigint, currency: string): Money {
  exponentOf(currency);
  if (minor > limit || minor < -limit) throw new MoneyError('TOO_LARGE', 'the amount is too large');
  return { minor, currency };
}

export function zero(currency: string): Money {
  return money(0n, currency);
}

export function add(left: Money, right: Money): Money {
  requireSameCurrency(left, right);
  return money(left.minor + right.minor, left.currency);
}

export function subtract(left: Money, right: Money): Money {
  requireSameCurrency(left, right);
  return money(left.minor - right.minor, left.currency);
}

export function negate(amount: Money): Money {
  return { minor: -amount.minor, currency: amount.currency };
}

/** Sum in one currency; the currency is asked for so that an empty list has a sum too. */
export function sum(amounts: Iterable<Money>, currency: string): Money {
  let total = zero(currency);
  for (const amount of amounts) total = add(total, amount);
  return total;
}

/** One sum per currency, sorted by code; amounts of different currencies are never added. */
export function sumByCurrency(amounts: Iterable<Money>): Money[] {
  const sums = new Map<string, Money>();
  for (const amount of amounts) sums.set(amount.currency, add(sums.get(amount.currency) ?? zero(amount.currency), amount));
  return [...sums.values()].sort((left, right) => (left.currency < right.currency ? -1 : 1));
}

/** Amount times a whole quantity. A fractional number throws a RangeError. */
export function times(amount: Money, quantity: number | bigint): Money {
  return money(amount.minor * BigInt(quantity), amount.currency);
}

/** `basisPoints` of the amount (100 = 1 %), rounded half up once. */
export function percentOf(amount: Money, basisPoints: number | bigint): Money {
  return money(divideHalfUp(amount.minor * BigInt(basisPoints), 10_000n), amount.currency);
}

/** What part of `whole` is, in basis points, rounded half up; 0 when `whole` is zero. */
export function shareInBasisPoints(part: Money, whole: Money): number {
  requireSameCurrency(part, whole);
  return whole.minor === 0n ? 0 : Number(divideHalfUp(part.minor * 10_000n, whole.minor));
}

/** Negative, zero or positive, as for sort. */
export function compare(left: Money, right: Money): number {
  requireSameCurrency(left, right);
  return left.minor < right.minor ? -1 : left.minor > right.minor ? 1 : 0;
}

export function equal(left: Money, right: Money): boolean {
  return left.currency === right.currency && left.minor === right.minor;
}

function requireSameCurrency(left: Money, right: Money): void {
  if (left.currency !== right.currency) {
    throw new MoneyError('CURRENCY_MISMATCH', `${left.currency} and ${right.currency} cannot be put together`);
  }
}
