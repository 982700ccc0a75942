import { exponentOf, minorPerUnit } from './currencies';
import { money, type Money } from './money';
import { MoneyError } from './money-error';

/** `google.type.Money` as ts-proto generates it. */
export interface GoogleMoney {
  currencyCode: string;
  units: bigint;
  nanos: number;
}

const nanosPerUnit = 1_000_000_000n;

export function toGoogleMoney(amount: Money): GoogleMoney {
  const perUnit = minorPerUnit(amount.currency);
  // bigint division truncates towards zero, so units and nanos carry the same sign, as google.type.Money asks.
  const nanos = (amount.minor % perUnit) * (nanosPerUnit / perUnit);
  return { currencyCode: amount.currency, units: amount.minor / perUnit, nanos: Number(nanos) };
}

/** Throws MoneyError when the currency is unknown, signs differ, or the amount has fractions of a minor unit (0.005 USD, 0.5 JPY). */
export function fromGoogleMoney(sent: GoogleMoney): Money {
  const { currencyCode, units } = sent;
  if (!Number.isInteger(sent.nanos) || Math.abs(sent.nanos) >= 1_000_000_000) {
    throw new MoneyError('NOT_AN_AMOUNT', 'nanos must lie between -999,999,999 and +999,999,999');
  }
  const nanos = BigInt(sent.nanos);
  if ((units > 0n && nanos < 0n) || (units < 0n && nanos > 0n)) {
    throw new MoneyError('SIGN_MISMATCH', 'units and nanos must have the same sign');
  }
  const nanosPerMinor = nanosPerUnit / minorPerUnit(currencyCode);
  if (nanos % nanosPerMinor !== 0n) {
    throw new MoneyError('FRACTION_OF_MINOR_UNIT', `${currencyCode} has ${exponentOf(currencyCode)} digits after the decimal sign`);
  }
  return money(units * minorPerUnit(currencyCode) + nanos / nanosPerMinor, currencyCode);
}
