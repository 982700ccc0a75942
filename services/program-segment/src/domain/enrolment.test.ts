import { possibleMoves, tableOf } from '@openprm/moves';
import { givenEnrolment, givenProgram, NOW } from '../testing/given';
import { acceptInvitation, approveApplication, declineInvitation, rejectApplication } from './answer';
import { applyForProgram, importEnrolment, invitePartner } from './enrol';
import {
  enrolmentMoves,
  enrolmentMovesFor,
  mayMove,
  type Enrolment,
  type EnrolmentDecision,
  type EnrolmentMove,
  type EnrolmentState,
} from './enrolment';
import { followClock, followPartner } from './follow';
import { assignSegments, changeTier, setOverrides } from './grade';
import { acceptChangedTerms, reinstateEnrolment, renewEnrolment, requestExit, suspendEnrolment, terminateEnrolment } from './hold';
import { migrateEnrolment } from './migrate';

const STATES: EnrolmentState[] = ['INVITED', 'APPLIED', 'ACTIVE', 'SUSPENDED', 'TERMINATED', 'DECLINED', 'REJECTED', 'EXPIRED'];
const LATER = new Date('2026-06-01T00:00:00.000Z');
const program = givenProgram({ segments: ['CLOUD'] });
const { terms } = program;
const partner = { id: 'partner', state: 'ACTIVE' };
const approval = { tier: 'SILVER', segments: [], waiveCriteria: false, approvedBy: 'approver' };

/** Each move as its rule makes it. */
const rules: Record<Exclude<EnrolmentMove, 'freeze' | 'thaw' | 'expire' | 'giveUp'>, (enrolment: Enrolment) => EnrolmentDecision> = {
  accept: (enrolment) => acceptInvitation(enrolment, partner, terms, 'v1', LATER),
  decline: (enrolment) => declineInvitation(enrolment, '', LATER),
  approve: (enrolment) => approveApplication(enrolment, partner, terms, approval, LATER),
  reject: (enrolment) => rejectApplication(enrolment, 'NO', LATER),
  suspend: (enrolment) => suspendEnrolment(enrolment, 'COMPLIANCE', LATER),
  reinstate: (enrolment) => reinstateEnrolment(enrolment, partner, LATER),
  terminate: (enrolment) => terminateEnrolment(enrolment, 'BREACH', LATER),
  renew: (enrolment) => renewEnrolment(enrolment, program, program, { termsVersion: '', byPartner: false }, LATER),
  acceptTerms: (enrolment) => acceptChangedTerms(enrolment, terms, 'v1', LATER),
  changeTier: (enrolment) => changeTier(enrolment, terms, 'GOLD', 'EARNED', LATER),
  assignSegments: (enrolment) => assignSegments(enrolment, terms, ['CLOUD'], LATER),
  setOverrides: (enrolment) => setOverrides(enrolment, [{ key: 'seats.max', value: '5' }], 'NEGOTIATED', LATER),
  migrate: (enrolment) => migrateEnrolment(enrolment, { ...program, number: 2 }, LATER),
};

test('the life of an enrolment is this table', () => {
  expect(tableOf(enrolmentMoves)).toBe(
    [
      'INVITED --accept--> ACTIVE',
      'INVITED --decline--> DECLINED',
      'APPLIED --approve--> ACTIVE',
      'APPLIED --reject--> REJECTED',
      'ACTIVE --suspend--> SUSPENDED',
      'SUSPENDED --reinstate--> ACTIVE',
      'ACTIVE | SUSPENDED --terminate--> TERMINATED',
      'ACTIVE --renew--> ACTIVE',
      'ACTIVE | SUSPENDED --acceptTerms--> ACTIVE',
      'ACTIVE | SUSPENDED --changeTier--> ACTIVE',
      'ACTIVE | SUSPENDED --assignSegments--> ACTIVE',
      'ACTIVE | SUSPENDED --setOverrides--> ACTIVE',
      'INVITED | APPLIED | ACTIVE | SUSPENDED --migrate--> ACTIVE',
      'ACTIVE --freeze--> SUSPENDED',
      'SUSPENDED --thaw--> ACTIVE',
      'INVITED --expire--> EXPIRED',
      'APPLIED --giveUp--> REJECTED',
    ].join('\n'),
  );
});

test.each(STATES.flatMap((state) => (Object.keys(rules) as (keyof typeof rules)[]).map((move) => [state, move] as const)))(
  '%s: %s leads where the table says, or nowhere',
  (state, move) => {
    const attempt = () => rules[move](givenEnrolment({ state }));
    if (!possibleMoves(enrolmentMoves, state).includes(move))
      return expect(attempt).toThrow(expect.objectContaining({ reason: 'ILLEGAL_MOVE' }));
    const keeps = ['acceptTerms', 'changeTier', 'assignSegments', 'setOverrides', 'migrate'].includes(move);
    expect(attempt().enrolment).toMatchObject({ state: keeps ? state : enrolmentMoves[move].to, version: 4, updatedAt: LATER });
  },
);

test.each(['TERMINATED', 'DECLINED', 'REJECTED', 'EXPIRED'] as const)('%s is never left', (state) => {
  expect(possibleMoves(enrolmentMoves, state)).toEqual([]);
  for (const partnerState of ['ACTIVE', 'SUSPENDED', 'TERMINATED'])
    expect(followPartner(givenEnrolment({ state }), partnerState, LATER)).toBeNull();
  expect(followClock(givenEnrolment({ state, exitAt: NOW, termsDueAt: NOW, invitationExpiresAt: NOW }), LATER)).toBeNull();
});

test('nobody is offered a move of the system', () => {
  expect(Object.keys(mayMove)).toEqual(expect.not.arrayContaining(['freeze', 'thaw', 'expire', 'giveUp', 'migrate']));
});

test('who applied is not offered to approve', () => {
  const enrolment = givenEnrolment({ state: 'APPLIED', appliedBy: 'anna' });
  expect(enrolmentMovesFor(enrolment, new Set(['RELATIONSHIP_MANAGER']), 'anna')).toEqual(['reject']);
  expect(enrolmentMovesFor(enrolment, new Set(['RELATIONSHIP_MANAGER']), 'berta')).toEqual(['approve', 'reject']);
  expect(() => approveApplication(enrolment, partner, terms, { ...approval, approvedBy: 'anna' }, NOW)).toThrow(
    expect.objectContaining({ reason: 'SECOND_PERSON_NEEDED' }),
  );
});

const invitation = { tier: '', segments: [], sponsor: null, waiveCriteria: false };
const application = { segments: [], sponsor: null, text: '', termsVersion: 'v1', appliedBy: 'anna' };

test('an invitation offers the tier named, else that of new members, for thirty days', () => {
  expect(invitePartner('e', partner, program, invitation, NOW).enrolment).toMatchObject({
    state: 'INVITED',
    tier: 'BRONZE',
    invitationExpiresAt: new Date('2026-04-01T10:00:00.000Z'),
  });
  expect(invitePartner('e', partner, program, { ...invitation, tier: 'GOLD' }, NOW).enrolment.tier).toBe('GOLD');
  expect(() => invitePartner('e', partner, program, { ...invitation, tier: 'NONE' }, NOW)).toThrow(
    expect.objectContaining({ reason: 'UNKNOWN_TIER' }),
  );
  expect(() => invitePartner('e', partner, program, { ...invitation, segments: ['HEALTH'] }, NOW)).toThrow(
    expect.objectContaining({ reason: 'UNKNOWN_SEGMENT' }),
  );
});

test.each([
  ['PROSPECT', true],
  ['ACTIVE', true],
  ['SUSPENDED', false],
  ['TERMINATED', false],
])('a partner that is %s may be enrolled: %s', (state, may) => {
  const attempt = () => invitePartner('e', { id: 'partner', state }, program, invitation, NOW);
  if (may) expect(attempt).not.toThrow();
  else expect(attempt).toThrow(expect.objectContaining({ reason: 'PARTNER_NOT_ACTIVE' }));
});

test('a program by invitation only takes applications below a sponsor that takes part', () => {
  const closed = givenProgram({ openForApplication: false });
  expect(() => applyForProgram('e', partner, closed, application, NOW)).toThrow(
    expect.objectContaining({ reason: 'NOT_OPEN_FOR_APPLICATION' }),
  );
  expect(() => applyForProgram('e', partner, closed, { ...application, sponsor: { partnerId: 's', takesPart: false } }, NOW)).toThrow(
    expect.objectContaining({ reason: 'SPONSOR_NOT_ENROLLED' }),
  );
  expect(
    applyForProgram('e', partner, closed, { ...application, sponsor: { partnerId: 's', takesPart: true } }, NOW).enrolment,
  ).toMatchObject({ state: 'APPLIED', sponsorPartnerId: 's', acceptedTermsVersion: 'v1' });
});

test('only the terms in force are accepted', () => {
  expect(() => applyForProgram('e', partner, program, { ...application, termsVersion: '' }, NOW)).toThrow(
    expect.objectContaining({ reason: 'TERMS_OUTDATED' }),
  );
  expect(() => acceptInvitation(givenEnrolment({ state: 'INVITED' }), partner, terms, 'v0', NOW)).toThrow(
    expect.objectContaining({ reason: 'TERMS_OUTDATED' }),
  );
});

test('an invitation ends at its instant', () => {
  const enrolment = givenEnrolment({ state: 'INVITED', invitationExpiresAt: LATER });
  expect(acceptInvitation(enrolment, partner, terms, 'v1', new Date(LATER.getTime() - 1)).enrolment.state).toBe('ACTIVE');
  expect(() => acceptInvitation(enrolment, partner, terms, 'v1', LATER)).toThrow(expect.objectContaining({ reason: 'INVITATION_EXPIRED' }));
});

test.each(['2026-03-02T10:00:00.001Z', '1969-12-31T23:59:59.999Z', '9999-12-31T00:00:00.000Z'])(
  'an import with a term from %s is refused',
  (start) => {
    const attempt = () =>
      importEnrolment('e', partner, program, { externalId: 'x', tier: '', segments: [], termStartsAt: new Date(start) }, NOW);
    expect(attempt).toThrow(expect.objectContaining({ reason: 'OUT_OF_RANGE' }));
  },
);

test('an import keeps its historic term', () => {
  const { enrolment } = importEnrolment(
    'e',
    partner,
    program,
    { externalId: 'x', tier: '', segments: [], termStartsAt: new Date('2024-02-29T00:00:00Z') },
    NOW,
  );
  expect(enrolment).toMatchObject({ state: 'ACTIVE', termEndsAt: new Date('2025-02-28T00:00:00Z'), createdAt: NOW });
});

test.each(['suspend', 'reject', 'terminate', 'changeTier', 'setOverrides', 'requestExit'])('%s takes a reason', (move) => {
  const attempts: Record<string, () => unknown> = {
    suspend: () => suspendEnrolment(givenEnrolment(), '', NOW),
    reject: () => rejectApplication(givenEnrolment({ state: 'APPLIED' }), '', NOW),
    terminate: () => terminateEnrolment(givenEnrolment(), '', NOW),
    changeTier: () => changeTier(givenEnrolment(), terms, 'GOLD', '', NOW),
    setOverrides: () => setOverrides(givenEnrolment(), [], '', NOW),
    requestExit: () => requestExit(givenEnrolment(), terms, '', NOW),
  };
  expect(attempts[move]).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', reason: 'REQUIRED' }));
});

test('a partner renews from sixty days before the end on; the enterprise at any time; terms follow each other', () => {
  const enrolment = givenEnrolment({ exitAt: LATER });
  const renew = (at: string) => renewEnrolment(enrolment, program, program, { termsVersion: 'v1', byPartner: true }, new Date(at));
  expect(() => renew('2027-01-01T09:59:59.999Z')).toThrow(expect.objectContaining({ reason: 'RENEWAL_TOO_EARLY' }));
  expect(renew('2027-01-01T10:00:00.000Z').enrolment).toMatchObject({
    termStartsAt: enrolment.termEndsAt,
    termEndsAt: new Date('2028-03-02T10:00:00.000Z'),
    exitAt: null,
  });
  expect(renew('2027-05-01T00:00:00.000Z').enrolment.termStartsAt).toEqual(new Date('2027-05-01T00:00:00.000Z'));
});

test('notice is given once and runs thirty days', () => {
  const { enrolment } = requestExit(givenEnrolment({ state: 'SUSPENDED' }), terms, 'OWN_WISH', NOW);
  expect(enrolment).toMatchObject({ state: 'SUSPENDED', exitAt: new Date('2026-04-01T10:00:00.000Z') });
  expect(() => requestExit(enrolment, terms, 'OWN_WISH', NOW)).toThrow(expect.objectContaining({ reason: 'NO_CHANGE' }));
});

test('with a newer version falls away what it lacks, and changed terms become due', () => {
  const newer = { ...givenProgram({ tiers: [{ code: 'SILVER', label: '', rank: 1 }], termsVersion: 'v2' }), number: 2 };
  const { enrolment, event } = migrateEnrolment(givenEnrolment({ tier: 'GOLD', segments: ['CLOUD'] }), newer, NOW);
  expect(enrolment).toMatchObject({ programNumber: 2, tier: 'SILVER', segments: [], termsDueAt: new Date('2026-04-01T10:00:00.000Z') });
  expect(event).toEqual({ type: 'EnrolmentMigrated', previousVersion: 1 });
  expect(migrateEnrolment(givenEnrolment({ state: 'APPLIED', tier: '' }), newer, NOW).enrolment).toMatchObject({
    tier: '',
    termsDueAt: null,
  });
});

test('the clock ends notices, suspends for terms and expires invitations, each at its instant', () => {
  const at = (fields: Partial<Enrolment>, now = LATER) => followClock(givenEnrolment(fields), now)?.enrolment;
  const before = new Date(LATER.getTime() - 1);
  for (const fields of [{ exitAt: LATER }, { termsDueAt: LATER }, { state: 'INVITED' as const, invitationExpiresAt: LATER }])
    expect(at(fields, before)).toBeUndefined();
  expect(at({ exitAt: LATER, termsDueAt: LATER })).toMatchObject({ state: 'TERMINATED', stateReason: 'NOTICE_RUN' });
  expect(at({ termsDueAt: LATER })).toMatchObject({ state: 'SUSPENDED', stateReason: 'TERMS_NOT_ACCEPTED' });
  expect(at({ state: 'SUSPENDED', termsDueAt: LATER })).toBeUndefined();
  expect(at({ state: 'INVITED', invitationExpiresAt: LATER })).toMatchObject({ state: 'EXPIRED', stateReason: 'NO_ANSWER' });
});

test.each<[EnrolmentState, string, string, EnrolmentState | null]>([
  ['ACTIVE', '', 'SUSPENDED', 'SUSPENDED'],
  ['SUSPENDED', 'COMPLIANCE', 'SUSPENDED', null],
  ['SUSPENDED', 'COMPLIANCE', 'ACTIVE', null],
  ['SUSPENDED', 'PARTNER_SUSPENDED', 'ACTIVE', 'ACTIVE'],
  ['INVITED', '', 'SUSPENDED', null],
  ['APPLIED', '', 'SUSPENDED', null],
  ['ACTIVE', '', 'TERMINATED', 'TERMINATED'],
  ['SUSPENDED', 'COMPLIANCE', 'TERMINATED', 'TERMINATED'],
  ['INVITED', '', 'TERMINATED', 'EXPIRED'],
  ['APPLIED', '', 'TERMINATED', 'REJECTED'],
  ['ACTIVE', '', 'ACTIVE', null],
])('%s (%s) with a partner that is %s becomes %s', (state, stateReason, partnerState, expected) => {
  expect(followPartner(givenEnrolment({ state, stateReason }), partnerState, LATER)?.enrolment.state ?? null).toBe(expected);
});

test('overrides are checked one by one, and a key stands once', () => {
  const wrong = () =>
    setOverrides(
      givenEnrolment(),
      [
        { key: 'seats.max', value: '5' },
        { key: 'seats.max', value: '6' },
        { key: 'free.lunch', value: 'yes' },
      ],
      'X',
      NOW,
    );
  expect(wrong).toThrow(
    expect.objectContaining({
      details: { violations: [expect.objectContaining({ field: 'overrides[1]' }), expect.objectContaining({ field: 'overrides[2]' })] },
    }),
  );
});
