import { endOfDayUtc } from './business-calendar';
import type { Line } from './deal';
import type { Terms } from './terms';

export type ProtectionState = 'PROVISIONAL' | 'ACTIVE' | 'EXPIRED' | 'RELEASED';

/** The right of one partner to pursue one customer with some product families in a country. */
export interface Protection {
  id: string;
  state: ProtectionState;
  families: string[];
  country: string;
  start: Date;
  end: Date;
  releaseReason: string;
}

/** Stands for every product family, or every country. */
export const ANY_FAMILY = '*';
export const ANY_COUNTRY = 'ALL';

/** Product families of the lines; all families when there are none, because nothing then limits the claim. */
export function familiesOf(lines: readonly Line[]): string[] {
  const families = [...new Set(lines.map((line) => line.family.trim().toLowerCase()))].sort();
  return families.length === 0 || families.includes('') ? [ANY_FAMILY] : families;
}

/** What a claim covers under the terms: customer, family and country, or everything sold to the customer. */
export function coverage(
  lines: readonly Line[],
  country: string,
  terms: Pick<Terms, 'protectionScope'>,
): { families: string[]; country: string } {
  return terms.protectionScope === 'CUSTOMER' ? { families: [ANY_FAMILY], country: ANY_COUNTRY } : { families: familiesOf(lines), country };
}

/** Days of a new protection: what the tier entitles to, within the program's bounds. */
export const protectionDays = (terms: Pick<Terms, 'protectionDays' | 'minDays' | 'maxDays'>): number =>
  Math.min(Math.max(terms.protectionDays, terms.minDays), terms.maxDays);

export const protectionEnd = (start: Date, terms: Pick<Terms, 'protectionDays' | 'minDays' | 'maxDays'>): Date =>
  endOfDayUtc(start, protectionDays(terms));

/** Share of families in common, 0 to 1; 1 when either side covers all. */
export function familyOverlap(left: readonly string[], right: readonly string[]): number {
  if (left.includes(ANY_FAMILY) || right.includes(ANY_FAMILY)) return 1;
  const common = left.filter((family) => right.includes(family)).length;
  return common === 0 ? 0 : common / new Set([...left, ...right]).size;
}

export const countriesMeet = (left: string, right: string): boolean => left === right || left === ANY_COUNTRY || right === ANY_COUNTRY;

/** Two coverages that must never both be ACTIVE for the same customer. */
export const collide = (
  left: { families: readonly string[]; country: string },
  right: { families: readonly string[]; country: string },
): boolean => familyOverlap(left.families, right.families) > 0 && countriesMeet(left.country, right.country);

export const isLive = (protection: Protection | null, now: Date): boolean => protection?.state === 'ACTIVE' && protection.end >= now;
