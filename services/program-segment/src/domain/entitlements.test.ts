import fc from 'fast-check';
import { bestOf, ENTITLEMENT_KEYS, entitlementFault, resolveEntitlements, toMap, type EntitlementRow, type Holding } from './entitlements';

const row = (source: EntitlementRow['source'], code: string, value: string, key = 'deal.protectionDays'): EntitlementRow => ({
  source,
  code,
  key,
  value,
});
const holding = (fields: Partial<Holding> = {}): Holding => ({ enrolmentId: 'e', tier: 'GOLD', segments: [], overrides: [], ...fields });
const rows = [
  row('PROGRAM', '', '60'),
  row('TIER', 'GOLD', '90'),
  row('TIER', 'SILVER', '75'),
  row('SEGMENT', 'CLOUD', '70'),
  row('SEGMENT', 'HEALTH', '80'),
];
const days = (fields: Partial<Holding>) => resolveEntitlements(rows, holding(fields))[0];

test('each level beats the one below, also with a worse value', () => {
  expect(days({ tier: '' })).toMatchObject({ value: '60', source: 'PROGRAM', sourceCode: '' });
  expect(days({})).toMatchObject({ value: '90', source: 'TIER', sourceCode: 'GOLD' });
  expect(days({ segments: ['CLOUD'] })).toMatchObject({ value: '70', source: 'SEGMENT', sourceCode: 'CLOUD' });
  expect(days({ segments: ['CLOUD'], overrides: [{ key: 'deal.protectionDays', value: '10' }] })).toMatchObject({
    value: '10',
    source: 'OVERRIDE',
    sourceCode: '',
  });
});

test('of several segments the best value wins, in whatever order they stand', () => {
  expect(days({ segments: ['CLOUD', 'HEALTH'] })).toMatchObject({ value: '80', sourceCode: 'HEALTH' });
  expect(days({ segments: ['HEALTH', 'CLOUD'] })).toMatchObject({ value: '80', sourceCode: 'HEALTH' });
});

test('another tier or segment gives nothing, and a key set nowhere is absent', () => {
  expect(toMap(resolveEntitlements([row('TIER', 'GOLD', '90')], holding({ tier: 'SILVER' })))).toEqual({});
});

test.each([
  ['catalog.scope', 'standard', 'full'],
  ['price.rule', 'list', 'custom'],
  ['support.level', 'email', 'dedicated'],
  ['mdf.enabled', 'false', 'true'],
  ['deal.protectionDays', '9', '10'],
  ['quote.maxDiscountPct', '7.5', '10'],
])('%s: %s is less than %s', (key, less, more) => {
  const at = (value: string) => ({ key, value, source: 'SEGMENT' as const, sourceCode: '', enrolmentId: value });
  expect(bestOf([at(less), at(more)])[0]!.value).toBe(more);
  expect(bestOf([at(more), at(less)])[0]!.value).toBe(more);
});

test.each([
  ['deal.protectionDays', ['0', '90', '9999999'], ['-1', '1.5', '', ' 90', '090', '99999999', 'many']],
  ['quote.maxDiscountPct', ['0', '7.5', '100'], ['100.01', '-5', '5%', '1.234', '1e1']],
  ['mdf.enabled', ['true', 'false'], ['yes', 'TRUE', '1']],
  ['catalog.scope', ['standard', 'extended', 'full'], ['all']],
])('%s takes its values and no others', (key, good, bad) => {
  for (const value of good) expect(entitlementFault(key, value)).toBeNull();
  for (const value of bad) expect(entitlementFault(key, value)).toMatchObject({ reason: 'INVALID_ENTITLEMENT_VALUE' });
});

test('an unknown key is named with those that are known', () => {
  expect(entitlementFault('free.lunch', 'yes')).toMatchObject({
    reason: 'UNKNOWN_ENTITLEMENT',
    description: expect.stringContaining('deal.protectionDays'),
  });
  expect(ENTITLEMENT_KEYS).toHaveLength(10);
});

test('the best over several enrolments does not depend on their order', () => {
  const values = fc.array(
    fc.record({
      key: fc.constantFrom('deal.protectionDays', 'seats.max'),
      value: fc.nat(500).map(String),
      source: fc.constant('TIER' as const),
      sourceCode: fc.constant(''),
      enrolmentId: fc.constant(''),
    }),
  );
  fc.assert(fc.property(values, (given) => expect(bestOf(given)).toEqual(bestOf([...given].reverse()))));
});
