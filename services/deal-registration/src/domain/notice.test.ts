import { candidate, monday } from '../testing/given-deals';
import { checkConflict, type Candidate } from './conflict';
import { conflictNotice } from './notice';

const claim = {
  dealId: 'd1',
  partnerId: 'p1',
  type: 'RESALE',
  keys: ['tax:DE123456789'],
  families: ['networking'],
  country: 'DE',
  firstCompleteTime: monday,
};
const check = (other: Partial<Candidate>) => checkConflict(claim, [candidate(other)], 30, monday);

test.each([
  ['NOTHING', ''],
  ['EXISTS', 'Another claim exists for this customer.'],
  ['EXISTS_UNTIL', 'This customer cannot be protected before 2026-04-02.'],
] as const)('with %s the partner reads "%s"', (disclosure, text) => {
  expect(conflictNotice(check({}), disclosure)).toBe(text);
});

test('no notice names the other partner, its deal, or an amount', () => {
  for (const disclosure of ['NOTHING', 'EXISTS', 'EXISTS_UNTIL'] as const)
    expect(conflictNotice(check({}), disclosure)).not.toMatch(/Contoso|DR-000009|USD/);
});

test('an own duplicate is named', () => {
  expect(conflictNotice(check({ partnerId: 'p1' }), 'NOTHING')).toBe('Your organisation has DR-000009 for this customer already.');
});

test('what only the enterprise should know gives no notice', () => {
  expect(
    conflictNotice(
      check({ state: 'IN_REVIEW', protectionState: 'PROVISIONAL', firstCompleteTime: new Date('2026-03-05T00:00:00Z') }),
      'EXISTS',
    ),
  ).toBe('');
});
