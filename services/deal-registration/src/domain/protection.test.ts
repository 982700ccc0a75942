import { collide, coverage, familiesOf, familyOverlap, isLive, protectionDays } from './protection';
import { monday, terms } from '../testing/given-deals';

const line = (family: string) => ({ productId: null, productName: '', family, quantity: 1, amount: null });

test('families are those of the lines, and all of them when a line names none', () => {
  expect(familiesOf([line('Storage'), line('networking '), line('storage')])).toEqual(['networking', 'storage']);
  expect(familiesOf([])).toEqual(['*']);
  expect(familiesOf([line('storage'), line('')])).toEqual(['*']);
});

test('a program may protect everything sold to a customer', () => {
  expect(coverage([line('storage')], 'DE', { ...terms, protectionScope: 'CUSTOMER' })).toEqual({ families: ['*'], country: 'ALL' });
  expect(coverage([line('storage')], 'DE', terms)).toEqual({ families: ['storage'], country: 'DE' });
});

test.each([
  [60, 60],
  [120, 120],
  [10, 30],
  [365, 180],
])('%i days of the tier make %i within the bounds of the program', (entitled, expected) => {
  expect(protectionDays({ ...terms, protectionDays: entitled })).toBe(expected);
});

test('overlap is the share of families in common', () => {
  expect(familyOverlap(['a', 'b'], ['b', 'c'])).toBeCloseTo(1 / 3);
  expect(familyOverlap(['a'], ['b'])).toBe(0);
  expect(familyOverlap(['*'], ['b'])).toBe(1);
});

test('coverages collide with a family and a country in common', () => {
  const here = { families: ['a'], country: 'DE' };
  expect(collide(here, { families: ['a', 'b'], country: 'DE' })).toBe(true);
  expect(collide(here, { families: ['a'], country: 'FR' })).toBe(false);
  expect(collide(here, { families: ['*'], country: 'ALL' })).toBe(true);
  expect(collide(here, { families: ['b'], country: 'DE' })).toBe(false);
});

test('a protection lives until its end, whatever its state says', () => {
  const protection = { id: 'p', state: 'ACTIVE' as const, families: ['a'], country: 'DE', start: monday, end: monday, releaseReason: '' };
  expect(isLive(protection, monday)).toBe(true);
  expect(isLive(protection, new Date(monday.getTime() + 1))).toBe(false);
  expect(isLive({ ...protection, state: 'PROVISIONAL' }, monday)).toBe(false);
  expect(isLive(null, monday)).toBe(false);
});
