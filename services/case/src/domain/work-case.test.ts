import { PrmError } from '@openprm/errors';
import type { Case, CaseDecision, CaseState } from './case';
import { caseMoves } from './case';
import type { Configuration, Priority } from './configuration';
import { meetDeadline, nextDeadline, takeOverCase } from './deadlines';
import type { Circumstances } from './decide';
import { openCase, type CaseRequest, type Surroundings } from './open-case';
import { movesFor, type Party, type UserMove } from './who-may';
import * as work from './work-case';

const calendar = { code: 'TEAM', timeZone: 'UTC', workingDays: [1, 2, 3, 4, 5], opens: '09:00', closes: '17:00', holidays: [] };
const policy = { queueOwner: 'SHARED' as const, hidesCustomerCases: false, partnerMayRefer: true };
const configuration: Configuration = {
  calendars: new Map([['TEAM', calendar]]),
  targets: (['P1', 'P2', 'P3', 'P4'] as Priority[]).flatMap((priority, index) =>
    (['FIRST_RESPONSE', 'RESOLUTION'] as const).map((clock) => ({
      supportLevel: 'email' as const,
      priority,
      clock,
      minutes: 480 * (index + 1),
      calendar: null,
    })),
  ),
  sellingModels: new Map(),
  serviceModels: new Map([['BOTH', policy]]),
  categories: new Map([['GENERAL', { code: 'GENERAL', label: 'General', queueOwner: 'PARENT' }]]),
  groups: new Map([
    ['DESK', { code: 'DESK', label: 'Desk', calendar: 'TEAM', leadPersonId: 'lead', isDuty: true, version: 1, members: [] }],
  ]),
  rules: [],
};
const partner: Party = { side: 'PARTNER', personId: 'ann', name: 'Ann', works: true, leads: false };
const enterprise: Party = { side: 'PARENT', personId: 'eve', name: 'Eve', works: true, leads: true };
const monday = new Date('2026-03-02T10:00:00Z');
const around = (now = monday): Circumstances => ({ configuration, now, newId: () => 'new', relationshipManagerId: 'rm' });

const request: CaseRequest = {
  ...{ subject: 'Help', description: '', contactName: 'Cy', contactEmail: '', category: 'GENERAL', productFamily: '', language: 'en' },
  ...{ partnerId: 'p', onBehalfOf: 'END_CUSTOMER', customerId: 'c', openedByCustomer: false, channel: 'PORTAL', sellingModel: null },
  ...{ dealId: null, orderId: null, followsCaseId: null, priority: 'P2' },
};
const surroundings: Surroundings = {
  id: 'id',
  number: 'CS-000001',
  partner: { state: 'ACTIVE', country: 'DE', tier: '', supportLevel: 'email', relationshipManager: null },
  relationOwner: 'BOTH',
  loads: new Map(),
};

/** A shared case asked by the partner and held by the enterprise, in any state. */
function given(state: CaseState): Case {
  const { case: opened } = openCase(request, partner, surroundings, configuration, monday);
  const holder = { side: 'PARENT' as const, group: 'DESK', personId: 'eve', personName: 'Eve' };
  const times = { infoRequestedAt: state === 'AWAITING_INFO' ? monday : null, closedAt: state === 'CLOSED' ? monday : null };
  const handOver = { fromSide: 'PARTNER' as const, toSide: 'PARENT' as const, reason: 'X', requestedAt: monday, acceptUntil: monday };
  return {
    ...opened,
    ...times,
    state,
    holder,
    handOver: state === 'OPEN' ? handOver : null,
    resolvedAt: state === 'RESOLVED' ? monday : null,
  };
}

type TableMove = Exclude<UserMove, 'prioritise' | 'excuseBreach'>;
const MOVES: Record<TableMove, { by: Party; run: (before: Case, party: Party) => CaseDecision }> = {
  accept: { by: enterprise, run: (before, party) => work.acceptCase(before, party, around()) },
  assign: {
    by: enterprise,
    run: (before, party) => work.assignCase(before, party, { personId: 'bob', name: 'Bob', group: 'DESK', away: false }, '', around()),
  },
  requestInfo: { by: enterprise, run: (before, party) => work.requestInfo(before, party, 'Which?', around()) },
  answer: { by: partner, run: (before, party) => work.answerCase(before, party, 'That.', around()) },
  resolve: { by: enterprise, run: (before, party) => work.resolveCase(before, party, 'FIXED', 'Done.', around()) },
  close: { by: partner, run: (before, party) => work.closeCase(before, party, 5, '', around()) },
  reopen: { by: partner, run: (before, party) => work.reopenCase(before, party, 'No.', around()) },
  cancel: { by: partner, run: (before, party) => work.cancelCase(before, party, '', around()) },
  handOver: {
    by: enterprise,
    run: (before, party) => work.handOverCase(before, party, { toSide: null, reason: 'LOCAL', text: '' }, around()),
  },
  acceptHandOver: { by: enterprise, run: (before, party) => work.acceptHandOver(before, party, around()) },
};
const STATES: CaseState[] = ['NEW', 'OPEN', 'AWAITING_INFO', 'RESOLVED', 'CLOSED', 'REOPENED', 'CANCELLED'];
const everyPair = STATES.flatMap((state) => (Object.keys(MOVES) as TableMove[]).map((move) => [state, move] as const));

test.each(everyPair)('in state %s the move %s does what the table says', (state, move) => {
  const { by, run } = MOVES[move];
  const { from, to } = caseMoves[move];
  const before = given(state);
  if (!from.includes(state)) return expect(() => run(before, by)).toThrow(expect.objectContaining({ reason: 'ILLEGAL_MOVE' }) as PrmError);
  const after = run(before, by).case;
  expect([after.state, after.version, after.updatedAt]).toEqual([to, before.version + 1, monday]);
});

test.each(everyPair)('in state %s the move %s is offered exactly to whoever may make it', (state, move) => {
  for (const party of [partner, enterprise]) {
    const offered = movesFor(given(state), party).includes(move);
    const attempt = (): boolean => {
      try {
        return Boolean(MOVES[move].run(given(state), party));
      } catch (error) {
        if (error instanceof PrmError) return false;
        throw error;
      }
    };
    expect([party.side, offered]).toEqual([party.side, attempt()]);
  }
});

test('whoever only reads is offered nothing and refused everything', () => {
  const reader = { ...enterprise, works: false };
  for (const [state, move] of everyPair) {
    expect(movesFor(given(state), reader)).toEqual([]);
    expect(() => MOVES[move].run(given(state), reader)).toThrow(PrmError);
  }
});

test('a breach found by a late move counts from when it was due and is told', () => {
  const late = work.resolveCase(given('OPEN'), enterprise, 'FIXED', 'Late.', around(new Date('2026-03-06T10:00:00Z')));
  expect(late.events).toEqual([
    { type: 'CaseClockNoted', clock: 'FIRST_RESPONSE', percent: 150, notifyPersonId: 'rm' },
    { type: 'CaseClockNoted', clock: 'RESOLUTION', percent: 150, notifyPersonId: 'rm' },
    { type: 'CaseResolved' },
  ]);
  expect(late.case.clocks.map((clock) => [clock.state, clock.breachedAt])).toEqual(
    Array(2).fill(['BREACHED', new Date('2026-03-04T10:00:00Z')]),
  );
});

test('the earliest of all deadlines comes first', () => {
  const waiting = given('AWAITING_INFO');
  expect(nextDeadline({ ...waiting, clocks: [] }, configuration)).toEqual({ kind: 'remind', at: new Date('2026-03-05T10:00:00Z') });
  expect(nextDeadline(waiting, configuration)).toMatchObject({ kind: 'noteClock', at: new Date('2026-03-03T14:00:00Z') });
  expect(nextDeadline({ ...given('CLOSED'), clocks: [] }, configuration)).toBeNull();
  const twice = meetDeadline({ ...waiting, clocks: [], reminders: 1 }, 'remind', new Map(), around()).case;
  expect(nextDeadline(twice, configuration)).toEqual({ kind: 'timeOut', at: new Date('2026-03-16T10:00:00Z') });
});

test.each(STATES)('the enterprise takes over a case in state %s of a partner that has ended only while it is open', (state) => {
  const taken = takeOverCase({ ...given(state), holder: { side: 'PARTNER', group: null, personId: null, personName: '' } }, around());
  const open = ['NEW', 'OPEN', 'AWAITING_INFO', 'REOPENED'].includes(state);
  expect(taken?.case).toEqual(open ? expect.objectContaining({ state, queueOwner: 'PARENT', parentSees: true }) : undefined);
});
