import { Refusal } from './refusal';

/** An amount as the API takes it. */
export interface MoneyJson {
  currencyCode: string;
  units: string;
  nanos: number;
}

const amountPattern = /^[$€£]?\s?(\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.(\d+))?$/;

/** `1054`, `1,054.50`, `$1054`: no sign, and no more digits after the point than the currency has. */
export function readAmount(column: string, text: string, currency: string, decimals: number): MoneyJson {
  const match = amountPattern.exec(text.trim());
  const fraction = (match?.[2] ?? '').replace(/0+$/, '');
  if (!match || fraction.length > decimals)
    throw new Refusal(column, text, 'NOT_AN_AMOUNT', `is not an amount like 1054 or 1,054.50 in ${currency}.`);
  return { currencyCode: currency, units: BigInt(match[1]!.replaceAll(',', '')).toString(), nanos: Number(fraction.padEnd(9, '0')) };
}

/** A day in one of the formats (`M/D/YYYY`, `YYYY-MM-DD`), as `YYYY-MM-DD`. */
export function readDay(column: string, text: string, formats: readonly string[]): string {
  for (const format of formats) {
    const parts = patternOf(format).exec(text.trim())?.groups;
    if (!parts) continue;
    const day = `${parts['YYYY']}-${parts['M']!.padStart(2, '0')}-${parts['D']!.padStart(2, '0')}`;
    const read = new Date(`${day}T00:00:00Z`);
    // 2/30 would silently become a day in March.
    if (!Number.isNaN(read.getTime()) && read.toISOString().startsWith(day)) return day;
  }
  throw new Refusal(column, text, 'NOT_A_DATE', `is not a date like ${formats.join(' or ')}.`);
}

const patterns = new Map<string, RegExp>();

function patternOf(format: string): RegExp {
  let pattern = patterns.get(format);
  if (!pattern) {
    const source = format
      .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replace('YYYY', '(?<YYYY>\\d{4})')
      .replace(/(?<!<)MM?/, '(?<M>\\d{1,2})')
      .replace(/(?<!<)DD?/, '(?<D>\\d{1,2})');
    pattern = new RegExp(`^${source}$`);
    patterns.set(format, pattern);
  }
  return pattern;
}

/** Days since 1970, and back. */
export const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 86_400_000;
export const shiftDay = (day: string, days: number): string => new Date((dayNumber(day) + days) * 86_400_000).toISOString().slice(0, 10);

/** The same for names that differ in blanks or letter case only. */
export const keyOf = (name: string): string => name.normalize('NFC').toLowerCase().replaceAll(/\s+/g, '');

/** `Mei-Mei Johns` as part of a mail address, `mei-mei.johns`; letters beyond ASCII lose their marks. */
export const slugOf = (name: string, between: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/\s+/)
    .map((word) => word.replaceAll(/[^a-z0-9-]/g, ''))
    .filter(Boolean)
    .join(between) || 'unnamed';
