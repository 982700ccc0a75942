import { tableOf, possibleMoves } from '@openprm/moves';
import { catalogue, defaults, givenDraft, givenProgram, givenTerms, NOW } from '../testing/given';
import {
  copyProgram,
  createProgram,
  editProgram,
  etagOf,
  programMoves,
  programMovesFor,
  publishProgram,
  retireProgram,
  type Program,
  type ProgramState,
} from './program';
import { DEFAULT_SETTINGS } from './settings';

const LATER = new Date('2026-06-01T00:00:00.000Z');

test('the life of a version is this table', () => {
  expect(tableOf(programMoves)).toBe(
    [
      'DRAFT --edit--> DRAFT',
      'DRAFT --publish--> PUBLISHED',
      'DRAFT | PUBLISHED --retire--> RETIRED',
      'PUBLISHED --supersede--> RETIRED',
    ].join('\n'),
  );
});

const inState: Record<ProgramState, Program> = {
  DRAFT: givenDraft(),
  PUBLISHED: givenProgram(),
  RETIRED: retireProgram(givenProgram(), 'REPLACED', NOW).program,
};
const attempts: Record<string, (program: Program) => unknown> = {
  edit: (program) => editProgram(program, { name: 'Other' }, catalogue, LATER),
  publish: (program) => publishProgram(program, null, false, LATER),
  retire: (program) => retireProgram(program, 'REPLACED', LATER),
  newVersion: (program) => copyProgram('v2', program, LATER),
};

test.each((['DRAFT', 'PUBLISHED', 'RETIRED'] as const).flatMap((state) => Object.keys(attempts).map((move) => [state, move] as const)))(
  '%s: %s works exactly where the moves say so',
  (state, move) => {
    const attempt = () => attempts[move]!(inState[state]);
    if (programMovesFor(state).includes(move)) expect(attempt).not.toThrow();
    else expect(attempt).toThrow(expect.objectContaining({ code: 'FAILED_PRECONDITION' }));
  },
);

test('what people are offered leaves out what only the system does', () => {
  expect(programMovesFor('PUBLISHED')).toEqual(['retire', 'newVersion']);
  expect(possibleMoves(programMoves, 'PUBLISHED')).toContain('supersede');
});

test('a new program takes the default tiers, the rows of its tiers, and limits in its own currency', () => {
  const { terms } = givenDraft({ baseCurrency: 'JPY' });
  expect(terms.tiers).toEqual([
    { code: 'BRONZE', label: 'Bronze', rank: 1 },
    { code: 'SILVER', label: 'Silver', rank: 2 },
    { code: 'GOLD', label: 'Gold', rank: 3 },
  ]);
  expect(terms.entitlements.map((row) => row.code)).toEqual(['', 'GOLD']);
  expect(terms.settings.orderLimits).toEqual([
    { tier: 'BRONZE', amount: { minor: 10_000n, currency: 'JPY' } },
    { tier: 'GOLD', amount: { minor: 100_000n, currency: 'JPY' } },
  ]);
});

test('what the author says is kept', () => {
  const { terms } = givenDraft({
    tiers: [
      { code: 'GOLD', label: 'Top', rank: 5 },
      { code: 'SILVER', label: '', rank: 2 },
    ],
    settings: { ...DEFAULT_SETTINGS, termMonths: 0, exitNoticeDays: 90 },
  });
  expect(terms).toMatchObject({
    defaultTier: 'SILVER',
    tiers: [{ label: 'Top' }, { label: 'Silver' }],
    settings: { termMonths: 12, exitNoticeDays: 90 },
  });
});

test('publishing retires the version before, in that order of records', () => {
  const before = givenProgram();
  const draft = copyProgram('v2', before, LATER).program;
  const [published, superseded] = publishProgram(draft, before, true, LATER);
  expect(published).toMatchObject({
    program: { state: 'PUBLISHED', number: 2, migratesEnrolments: true, publishedAt: LATER },
    event: { type: 'ProgramPublished', migrateEnrolments: true },
  });
  expect(superseded).toMatchObject({ program: { state: 'RETIRED', number: 1 }, event: { type: 'ProgramRetired', reason: 'SUPERSEDED' } });
});

test('the tag of a version differs from that of any other', () => {
  const published = givenProgram();
  expect([givenDraft(), published, copyProgram('v2', published, NOW).program].map(etagOf)).toEqual(['1.1', '1.2', '2.1']);
});

test.each<[string, Parameters<typeof givenTerms>[0], string]>([
  ['an unknown currency', { baseCurrency: 'XXQ' }, 'UNKNOWN_CURRENCY'],
  ['an unknown kind', { kind: 'NONE' }, 'UNKNOWN_PROGRAM_KIND'],
  ['a tier as segment', { segments: ['GOLD'] }, 'UNKNOWN_SEGMENT'],
  ['a segment as tier', { tiers: [{ code: 'CLOUD', label: '', rank: 1 }] }, 'UNKNOWN_TIER'],
  [
    'a deal type offered twice',
    {
      dealTypes: [
        { dealType: 'RESALE', tiers: [], sellingModel: '' },
        { dealType: 'RESALE', tiers: [], sellingModel: '' },
      ],
    },
    'INCONSISTENT_PROGRAM',
  ],
  [
    'a value twice on one level',
    {
      entitlements: [
        { source: 'PROGRAM', code: '', key: 'seats.max', value: '1' },
        { source: 'PROGRAM', code: '', key: 'seats.max', value: '2' },
      ],
    },
    'INCONSISTENT_PROGRAM',
  ],
  [
    'a program default with a code',
    { entitlements: [{ source: 'PROGRAM', code: 'GOLD', key: 'seats.max', value: '1' }] },
    'INCONSISTENT_PROGRAM',
  ],
  [
    'a segment that is not linked',
    { entitlements: [{ source: 'SEGMENT', code: 'CLOUD', key: 'seats.max', value: '1' }] },
    'UNKNOWN_SEGMENT',
  ],
  [
    'days outside the bounds',
    { entitlements: [{ source: 'PROGRAM', code: '', key: 'deal.protectionDays', value: '181' }] },
    'INCONSISTENT_PROGRAM',
  ],
  ['bounds the wrong way round', { settings: { ...DEFAULT_SETTINGS, protectionMinDays: 200 } }, 'INCONSISTENT_PROGRAM'],
  [
    'a limit in another currency',
    { settings: { ...DEFAULT_SETTINGS, orderLimits: [{ tier: 'GOLD', amount: { minor: 1n, currency: 'EUR' } }] } },
    'INCONSISTENT_PROGRAM',
  ],
  [
    'a negative limit',
    { settings: { ...DEFAULT_SETTINGS, autoApproveLimits: [{ tier: 'GOLD', amount: { minor: -1n, currency: 'USD' } }] } },
    'INCONSISTENT_PROGRAM',
  ],
  [
    'a criterion of no tier',
    {
      criteria: [
        {
          code: 'C',
          target: 'TIER',
          targetCode: 'NONE',
          metric: 'm',
          operator: '>=',
          threshold: '1',
          currencyCode: '',
          windowMonths: 12,
          description: '',
        },
      ],
    },
    'UNKNOWN_TIER',
  ],
])('%s is refused', (_what, fields, reason) => {
  expect(() => createProgram({ id: 'v', programId: 'p' }, givenTerms(fields), catalogue, defaults, NOW)).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', reason }),
  );
});

test('an edit is checked like a new program', () => {
  expect(() => editProgram(givenDraft(), { defaultTier: 'NONE' }, catalogue, NOW)).toThrow(
    expect.objectContaining({ reason: 'UNKNOWN_TIER' }),
  );
  expect(editProgram(givenDraft(), { name: 'Other' }, catalogue, LATER).program).toMatchObject({
    version: 2,
    terms: { name: 'Other' },
    updatedAt: LATER,
  });
});

test('retiring takes a reason', () => {
  expect(() => retireProgram(givenProgram(), '', NOW)).toThrow(
    expect.objectContaining({ details: { violations: [expect.objectContaining({ field: 'reason' })] } }),
  );
});
