import { daysAfter, monthsAfter } from './calendar';

test.each([
  ['2026-01-31T10:00:00.000Z', 1, '2026-02-28T10:00:00.000Z'],
  ['2024-02-29T00:00:00.000Z', 12, '2025-02-28T00:00:00.000Z'],
  ['2026-12-15T23:59:59.999Z', 1, '2027-01-15T23:59:59.999Z'],
  ['2026-03-31T00:00:00.000Z', 120, '2036-03-31T00:00:00.000Z'],
])('%s and %s months is %s', (from, months, to) => expect(monthsAfter(new Date(from), months)).toEqual(new Date(to)));

test('days are days of 24 hours, in UTC', () =>
  expect(daysAfter(new Date('2026-03-28T10:00:00Z'), 2)).toEqual(new Date('2026-03-30T10:00:00Z')));
