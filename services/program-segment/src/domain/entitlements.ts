/**
 * What a partner gets. A value may be set for the program, a tier, a segment or one enrolment; the more specific level wins, and of
 * several segments the value that is best for the partner.
 */

/** Level of a row of a program's table. */
export type Level = 'PROGRAM' | 'TIER' | 'SEGMENT';

export interface EntitlementRow {
  source: Level;
  /** Tier or segment; empty for the program. */
  code: string;
  key: string;
  value: string;
}

export interface Override {
  key: string;
  value: string;
}

export interface Resolved {
  key: string;
  value: string;
  source: Level | 'OVERRIDE';
  sourceCode: string;
  enrolmentId: string;
}

/** How values of a key are written and which of two is better: a greater rank wins. */
interface Kind {
  allowed: string;
  /** Null when the text is no value of this kind. */
  rank(value: string): number | null;
}

const choice = (...values: string[]): Kind => ({
  allowed: `one of ${values.join(', ')}`,
  rank: (value) => (values.includes(value) ? values.indexOf(value) : null),
});

const matching = (pattern: RegExp, max: number, allowed: string): Kind => ({
  allowed,
  rank: (value) => (pattern.test(value) && Number(value) <= max ? Number(value) : null),
});

const flag = choice('false', 'true');
const count = matching(/^(0|[1-9]\d{0,6})$/, 9_999_999, 'a whole number');
const percent = matching(/^(0|[1-9]\d{0,2})(\.\d{1,2})?$/, 100, 'a percentage like 7.5');

/** Keys that rules of this and other services know, and from the lowest value to the best. */
const kinds: ReadonlyMap<string, Kind> = new Map([
  ['catalog.scope', choice('standard', 'extended', 'full')],
  ['price.rule', choice('list', 'volume', 'custom')],
  ['support.level', choice('email', 'priority', 'dedicated')],
  ['content.level', choice('standard', 'extended', 'full')],
  ['mdf.enabled', flag],
  ['comarketing.enabled', flag],
  ['deal.protectionDays', count],
  ['deal.maxOpenUnproven', count],
  ['seats.max', count],
  ['quote.maxDiscountPct', percent],
]);

export const ENTITLEMENT_KEYS: readonly string[] = [...kinds.keys()];

/** What is wrong with a value, or null. */
export function entitlementFault(key: string, value: string): { reason: string; description: string } | null {
  const kind = kinds.get(key);
  if (!kind) return { reason: 'UNKNOWN_ENTITLEMENT', description: `"${key}" is not known; known are ${ENTITLEMENT_KEYS.join(', ')}.` };
  if (kind.rank(value) === null)
    return { reason: 'INVALID_ENTITLEMENT_VALUE', description: `"${value}" is no value of ${key}: give ${kind.allowed}.` };
  return null;
}

const rankOf = (entitlement: Pick<Resolved, 'key' | 'value'>): number => kinds.get(entitlement.key)?.rank(entitlement.value) ?? -1;

/** The best value of each key; of equal ones the first. Sorted by key. */
export function bestOf(values: Resolved[]): Resolved[] {
  const best = new Map<string, Resolved>();
  for (const value of values) {
    const found = best.get(value.key);
    if (!found || rankOf(value) > rankOf(found)) best.set(value.key, value);
  }
  return [...best.values()].sort((left, right) => (left.key < right.key ? -1 : 1));
}

/** What one enrolment holds. */
export interface Holding {
  enrolmentId: string;
  tier: string;
  segments: string[];
  overrides: Override[];
}

/** Values in force for one enrolment, each with where it came from; sorted by key. */
export function resolveEntitlements(rows: EntitlementRow[], holding: Holding): Resolved[] {
  const { enrolmentId } = holding;
  const from = (row: EntitlementRow): Resolved => ({
    key: row.key,
    value: row.value,
    source: row.source,
    sourceCode: row.code,
    enrolmentId,
  });
  const levels: Resolved[][] = [
    holding.overrides.map(({ key, value }) => ({ key, value, source: 'OVERRIDE', sourceCode: '', enrolmentId })),
    bestOf(rows.filter((row) => row.source === 'SEGMENT' && holding.segments.includes(row.code)).map(from)),
    rows.filter((row) => row.source === 'TIER' && row.code === holding.tier).map(from),
    rows.filter((row) => row.source === 'PROGRAM').map(from),
  ];
  const winners = new Map<string, Resolved>();
  for (const value of levels.flat()) if (!winners.has(value.key)) winners.set(value.key, value);
  return bestOf([...winners.values()]);
}

export const toMap = (values: Resolved[]): Record<string, string> => Object.fromEntries(values.map(({ key, value }) => [key, value]));
