import { PrmError } from '@openprm/errors';

export type MoneyReason =
  | 'UNKNOWN_CURRENCY'
  | 'CURRENCY_MISMATCH'
  | 'FRACTION_OF_MINOR_UNIT'
  | 'SIGN_MISMATCH'
  | 'TOO_LARGE'
  | 'NOT_AN_AMOUNT'
  | 'DIVISION_BY_ZERO';

/** An amount that cannot be: the caller's input is wrong, never the machine. */
export class MoneyError extends PrmError {
  declare readonly reason: MoneyReason;

  constructor(reason: MoneyReason, message: string) {
    super('INVALID_ARGUMENT', reason, message);
    this.name = 'MoneyError';
  }
}
