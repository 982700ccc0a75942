import { candidate, monday } from '../testing/given-deals';
import { checkConflict, keptKeys, undecided, type Candidate, type Claim, type Verdict } from './conflict';

const claim = (change: Partial<Claim> = {}): Claim => ({
  dealId: 'd1',
  partnerId: 'p1',
  type: 'RESALE',
  keys: ['tax:DE123456789', 'domain:acme.de', 'name:acme|DE'],
  families: ['networking'],
  country: 'DE',
  firstCompleteTime: monday,
  ...change,
});
const check = (mine: Partial<Claim>, other: Partial<Candidate>) => checkConflict(claim(mine), [candidate(other)], 30, monday);
const waiting = { state: 'IN_REVIEW' as const, protectionState: 'PROVISIONAL' as const };

const table: [string, Partial<Claim>, Partial<Candidate>, Verdict, string | undefined][] = [
  [
    'equal tax id, different name',
    { keys: ['tax:DE1', 'name:acme|DE'] },
    { keys: ['tax:DE1', 'name:acme services|DE'] },
    'BLOCK',
    'TAX_ID',
  ],
  [
    'same domain, different name',
    { keys: ['domain:acme.de', 'name:acme|DE'] },
    { keys: ['domain:acme.de', 'name:acme holding|DE'] },
    'BLOCK',
    'WEB_DOMAIN',
  ],
  [
    'the same recorded customer',
    { keys: ['customer:c1', 'name:a|DE'] },
    { keys: ['customer:c1', 'name:b|DE'] },
    'BLOCK',
    'CUSTOMER_RECORD',
  ],
  ['name and country alone', { keys: ['name:acme|DE'] }, { keys: ['name:acme|DE'] }, 'REVIEW', 'NAME_AND_COUNTRY'],
  [
    'two firms with the same name in two countries',
    { keys: ['name:acme|DE'] },
    { keys: ['name:acme|FR'], country: 'FR' },
    'NONE',
    undefined,
  ],
  [
    'the same name with different tax ids',
    { keys: ['tax:DE1', 'name:acme|DE'] },
    { keys: ['tax:DE2', 'name:acme|DE'] },
    'NOTE',
    'NAME_AND_COUNTRY',
  ],
  [
    'a group company: same domain, different tax ids',
    { keys: ['tax:DE1', 'domain:acme.de'] },
    { keys: ['tax:DE2', 'domain:acme.de'] },
    'REVIEW',
    'WEB_DOMAIN',
  ],
  ['disjoint products', {}, { families: ['storage'] }, 'NONE', undefined],
  ['a deal without products', { families: ['*'] }, { families: ['storage'] }, 'BLOCK', 'TAX_ID'],
  ['another country of the same customer', {}, { country: 'FR', keys: ['domain:acme.de'] }, 'NOTE', 'WEB_DOMAIN'],
  ['a protection for all countries', {}, { country: 'ALL', keys: ['domain:acme.de'] }, 'BLOCK', 'WEB_DOMAIN'],
  [
    'a protection that ended yesterday',
    {},
    { protectionState: 'EXPIRED', state: 'EXPIRED', protectionEnd: new Date('2026-03-01T23:59:59Z') },
    'NOTE',
    'TAX_ID',
  ],
  [
    'a protection that ended long ago',
    {},
    { protectionState: 'EXPIRED', state: 'EXPIRED', protectionEnd: new Date('2025-12-01T23:59:59Z') },
    'NONE',
    undefined,
  ],
  ['a protection whose end has passed before the clock noticed', {}, { protectionEnd: new Date('2026-03-01T23:59:59Z') }, 'NOTE', 'TAX_ID'],
  ['an own duplicate', {}, { partnerId: 'p1' }, 'REVIEW', 'TAX_ID'],
  ['a claim ahead in line', {}, { ...waiting }, 'REVIEW', 'TAX_ID'],
  ['a claim behind in line', {}, { ...waiting, firstCompleteTime: new Date('2026-03-03T10:00:00Z') }, 'NOTE', 'TAX_ID'],
  ['a claim ahead in the same hierarchy', {}, { ...waiting, sameHierarchy: true }, 'NOTE', 'TAX_ID'],
  ['a protection in the same hierarchy', {}, { sameHierarchy: true }, 'BLOCK', 'TAX_ID'],
  ['influence beside resale', { type: 'INFLUENCE' }, {}, 'NOTE', 'TAX_ID'],
  ['co-sell beside co-sell', { type: 'CO_SELL' }, { type: 'CO_SELL' }, 'NOTE', 'TAX_ID'],
  [
    'a direct opportunity',
    {},
    { dealId: null, opportunityId: 'o1', partnerId: null, state: 'OPEN', protectionState: null, protectionEnd: null },
    'REVIEW',
    'TAX_ID',
  ],
  [
    'a direct opportunity nobody touched for long',
    {},
    {
      dealId: null,
      opportunityId: 'o1',
      partnerId: null,
      state: 'OPEN',
      protectionState: null,
      updateTime: new Date('2025-11-01T00:00:00Z'),
    },
    'NONE',
    undefined,
  ],
  ['a withdrawn claim that never was protected', {}, { state: 'WITHDRAWN', protectionState: null, protectionEnd: null }, 'NONE', undefined],
];

test.each(table)('%s', (_name, mine, other, verdict, rule) => {
  const found = check(mine, other);
  expect(found.verdict).toBe(verdict);
  expect(found.matches[0]?.findings[0]?.rule).toBe(rule);
  for (const finding of found.matches.flatMap((match) => match.findings))
    expect(finding).toMatchObject({ text: expect.stringMatching(/\.|\?$/), weight: expect.any(Number) });
});

test('precision and recall on the labelled set are both 1', () => {
  const verdicts = table.map(([, mine, other, expected]) => ({ expected, found: check(mine, other).verdict }));
  for (const verdict of ['NOTE', 'REVIEW', 'BLOCK'] as const) {
    const hits = verdicts.filter((each) => each.found === verdict && each.expected === verdict).length;
    expect({
      verdict,
      precision: hits / verdicts.filter((each) => each.found === verdict).length,
      recall: hits / verdicts.filter((each) => each.expected === verdict).length,
    }).toEqual({ verdict, precision: 1, recall: 1 });
  }
});

test('the deal itself is no match', () => {
  expect(check({ dealId: 'other' }, {}).verdict).toBe('NONE');
});

test('a decision is carried to the next check, unless the match has become a block', () => {
  const before = check({}, waiting);
  const decided = { ...before, matches: before.matches.map((match) => ({ ...match, decision: 'PROCEED' as const, decidedBy: 'desk' })) };
  const again = checkConflict(claim(), [candidate(waiting)], 30, monday, decided);
  expect(undecided(again)).toEqual([]);
  const blocked = checkConflict(claim(), [candidate()], 30, monday, decided);
  expect(undecided(blocked)).toHaveLength(1);
});

test('a claim gives up the keys it shares with somebody who is another customer', () => {
  const keys = ['domain:acme.de', 'name:acme|DE'];
  const other = candidate({ keys: ['name:acme|DE', 'tax:DE9'] });
  const found = checkConflict(claim({ keys }), [other], 30, monday);
  const decided = { ...found, matches: found.matches.map((match) => ({ ...match, decision: 'DIFFERENT_CUSTOMER' as const })) };
  expect(keptKeys('d1', keys, [other], decided)).toEqual(['domain:acme.de']);
  expect(keptKeys('d1', ['name:acme|DE'], [other], decided)).toEqual(['deal:d1']);
  expect(keptKeys('d1', keys, [other], found)).toEqual(keys);
});
