import { exponentOf } from './currencies';
import { money, type Money } from './money';
import { MoneyError } from './money-error';

/** `1234.50` for 123450 minor units of USD. */
export function toDecimal(amount: Money): string {
  const exponent = exponentOf(amount.currency);
  const digits = (amount.minor < 0n ? -amount.minor : amount.minor).toString().padStart(exponent + 1, '0');
  const sign = amount.minor < 0n ? '-' : '';
  return exponent === 0 ? sign + digits : `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** Reads `1234`, `1234.5` or `-1234.50`. No grouping signs: whether `1,234` is one or a thousand is the source's to say. */
export function fromDecimal(text: string, currency: string): Money {
  const exponent = exponentOf(currency);
  const match = /^(-?)(\d{1,19})(?:\.(\d{1,9}))?$/.exec(text.trim());
  if (!match) throw new MoneyError('NOT_AN_AMOUNT', `"${text}" is not an amount like 1234.50`);
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > exponent) {
    throw new MoneyError('FRACTION_OF_MINOR_UNIT', `${currency} has ${exponent} digits after the decimal sign`);
  }
  const minor = BigInt(match[2] + fraction.padEnd(exponent, '0'));
  return money(match[1] ? -minor : minor, currency);
}
