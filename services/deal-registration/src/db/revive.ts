import type { Money } from '@openprm/money';

/** jsonb knows neither dates nor big numbers: these bring them back. */
export const toDate = (text: string | Date): Date => new Date(text);
export const toDateOrNull = (text: string | Date | null): Date | null => (text === null ? null : new Date(text));

export const toMoney = (stored: { minor: string | bigint; currency: string } | null): Money | null =>
  stored && { minor: BigInt(stored.minor), currency: stored.currency };

export const moneyOf = (minor: bigint | null, currency: string | null): Money | null =>
  minor === null || currency === null ? null : { minor, currency };
