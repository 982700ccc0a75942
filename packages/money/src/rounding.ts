import { MoneyError } from './money-error';

/**
 * Integer quotient rounded half up: 5/2 is 3. Halves go away from zero (-5/2 is -3), so that the reversal of an amount is its exact
 * opposite.
 */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  if (denominator === 0n) throw new MoneyError('DIVISION_BY_ZERO', 'division by zero');
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const quotient = (2n * n + d) / (2n * d);
  return negative ? -quotient : quotient;
}
