export type MoneyReason =
  | 'UNKNOWN_CURRENCY'
  | 'CURRENCY_MISMATCH'
  | 'FRACTION_OF_MINOR_UNIT'
  | 'SIGN_MISMATCH'
  | 'TOO_LARGE'
  | 'NOT_AN_AMOUNT'
  | 'DIVISION_BY_ZERO';

/** An amount that cannot be: the caller's input is wrong, never the machine. */
export class MoneyError extends Error {
  constructor(
    readonly reason: MoneyReason,
    message: string,
  ) {
    super(message);
    this.name = 'MoneyError';
  }
}
