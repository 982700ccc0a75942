import { ann, calendar, candidate, desk, givenDealIn, givenDeal, monday, newDeal, terms, usd } from '../testing/given-deals';
import { approveDeal } from './approve-deal';
import { checkConflict } from './conflict';
import { convertDeal } from './convert-deal';
import { dealStates, type Deal, type DealState } from './deal';
import { canMove, type DealMove } from './deal-moves';
import { requestDealRevocation, revokeDeal, withdrawDeal } from './end-deal';
import { createDeal, deleteDeal, editDeal, resubmitDeal } from './register-deal';
import { answerDealInfo, decideDealConflict, rejectDeal, requestDealInfo, takeDeal } from './review-deal';
import { autoApproveDeal, submitDeal } from './submit-deal';
import { dueTimer, fireTimer, nextTimer } from './timers';

const facts = { terms, calendar };
const submitFacts = {
  ...facts,
  submitter: ann,
  partnerState: 'ACTIVE',
  openUnproven: 0,
  partnerDomains: [],
  candidates: [],
  protectionId: 'prot',
  routing: { hasRelationshipManager: false, relationshipManagerLimits: [] },
};
const generous = { ...terms, autoApproveLimit: usd(10_000) };

/** Every move as its rule makes it, on a deal for which nothing but the state can stand in the way. */
const moves: Record<Exclude<DealMove, 'lapse' | 'expire'>, (deal: Deal) => { deal: Deal }> = {
  edit: (deal) => editDeal(deal, { title: 'New' }, [terms], monday),
  delete: (deal) => deleteDeal(deal, monday),
  submit: (deal) => submitDeal(deal, submitFacts, monday),
  autoApprove: (deal) => autoApproveDeal(deal, { terms: generous, candidates: [] }, monday),
  take: (deal) => takeDeal(deal, desk, facts, monday),
  requestInfo: (deal) => requestDealInfo(deal, { text: 'Why?', internalNote: '' }, facts, monday),
  answer: (deal) => answerDealInfo(deal, { text: 'So.', evidence: [] }, { ...facts, partnerDomains: [], candidates: [] }, monday),
  decideConflict: (deal) =>
    decideDealConflict(
      deal,
      { dealId: 'other', opportunityId: null, decision: 'COMPATIBLE', reason: 'x', person: desk, isAdmin: true },
      { ...facts, candidates: [candidate()] },
      monday,
    ),
  approve: (deal) =>
    approveDeal(deal, { approver: desk, withoutProtection: false, comment: '', internalNote: '' }, { terms, candidates: [] }, monday),
  reject: (deal) => rejectDeal(deal, { person: desk, code: 'OTHER', reason: 'No.', internalNote: '' }, monday),
  withdraw: (deal) => withdrawDeal(deal, '', monday),
  convert: (deal) => convertDeal(deal, { opportunityId: 'o', opportunityNumber: 'OP-1', leadMode: null }, monday).deal,
  requestRevocation: (deal) => requestDealRevocation(deal, { person: desk, reason: 'Fraud.' }, monday),
  revoke: (deal) => revokeDeal({ ...deal, revocationRequestedBy: 'somebody' }, { person: desk, internalNote: '' }, monday),
  resubmit: (deal) =>
    resubmitDeal(deal, { id: 'd2', number: 'DR-2', ownerPersonId: 'ann', ownerName: 'Ann', anotherWaits: false }, terms, monday),
};

const pairs = dealStates.flatMap((state) => Object.keys(moves).map((move) => [state, move as keyof typeof moves] as const));

test.each(pairs)('in %s the rule of %s keeps to the table', (state, move) => {
  const attempt = (): { deal: Deal } => moves[move](givenDealIn(state));
  if (canMove(state, move)) expect(attempt().deal.version).toBeGreaterThan(0);
  else expect(attempt).toThrow(expect.objectContaining({ reason: 'ILLEGAL_MOVE' }));
});

const stateAfter = (state: DealState, move: keyof typeof moves): DealState => moves[move](givenDealIn(state)).deal.state;

test('each move leads where the table says', () => {
  expect(stateAfter('DRAFT', 'submit')).toBe('SUBMITTED');
  expect(stateAfter('SUBMITTED', 'autoApprove')).toBe('APPROVED');
  expect(stateAfter('SUBMITTED', 'take')).toBe('IN_REVIEW');
  expect(stateAfter('IN_REVIEW', 'requestInfo')).toBe('INFO_REQUESTED');
  expect(stateAfter('INFO_REQUESTED', 'answer')).toBe('IN_REVIEW');
  expect(stateAfter('IN_REVIEW', 'approve')).toBe('APPROVED');
  expect(stateAfter('SUBMITTED', 'reject')).toBe('REJECTED');
  expect(stateAfter('APPROVED', 'withdraw')).toBe('WITHDRAWN');
  expect(stateAfter('APPROVED', 'convert')).toBe('CONVERTED');
  expect(stateAfter('APPROVED', 'revoke')).toBe('REJECTED');
  expect(stateAfter('EXPIRED', 'resubmit')).toBe('DRAFT');
});

test('whatever ends a claim ends its hold or protection and stops its clocks', () => {
  for (const [state, move] of [
    ['SUBMITTED', 'reject'],
    ['IN_REVIEW', 'withdraw'],
    ['APPROVED', 'withdraw'],
    ['APPROVED', 'revoke'],
  ] as const) {
    expect(moves[move](givenDealIn(state)).deal).toMatchObject({
      protection: { state: 'RELEASED', end: monday },
      timers: [],
      dueTime: null,
      queued: false,
    });
  }
});

test('an answer keeps the place in line, unless the customer is another one now', () => {
  const asked = givenDealIn('INFO_REQUESTED');
  const later = new Date('2026-03-05T10:00:00Z');
  const answer = (customer: Deal['customer']): Deal =>
    answerDealInfo(asked, { text: 'x', evidence: [], customer }, { ...facts, partnerDomains: [], candidates: [] }, later).deal;
  expect(answer({ ...asked.customer, city: 'Berlin' }).firstCompleteTime).toEqual(monday);
  expect(answer({ ...asked.customer, name: 'Other', taxId: 'DE9', website: 'other.de' }).firstCompleteTime).toEqual(later);
});

test('the submitter never decides', () => {
  const deal = givenDealIn('IN_REVIEW');
  expect(() =>
    approveDeal(deal, { approver: ann, withoutProtection: false, comment: '', internalNote: '' }, { terms, candidates: [] }, monday),
  ).toThrow(expect.objectContaining({ reason: 'OWN_SUBMISSION' }));
  expect(() => rejectDeal(deal, { person: ann, code: 'OTHER', reason: '', internalNote: '' }, monday)).toThrow(
    expect.objectContaining({ reason: 'OWN_SUBMISSION' }),
  );
});

test('an approval looks at other claims again, whatever the last check said', () => {
  const deal = givenDealIn('IN_REVIEW', { conflict: { verdict: 'NONE', matches: [], checkTime: monday } });
  const approve = () =>
    approveDeal(
      deal,
      { approver: desk, withoutProtection: false, comment: '', internalNote: '' },
      { terms, candidates: [candidate()] },
      monday,
    );
  expect(approve).toThrow(expect.objectContaining({ reason: 'CUSTOMER_PROTECTED' }));
});

test('of two claims that wait the first goes first, unless the program weighs the evidence', () => {
  const waiting = candidate({ state: 'IN_REVIEW', protectionState: 'PROVISIONAL' });
  const deal = givenDealIn('IN_REVIEW');
  const decide = (decision: 'PROCEED' | 'DIFFERENT_CUSTOMER', claimPriority: 'FIRST_COMPLETE' | 'VALUE_ADD'): Deal =>
    decideDealConflict(
      deal,
      { dealId: 'other', opportunityId: null, decision, reason: 'Better evidence.', person: desk, isAdmin: false },
      { calendar, terms: { ...terms, claimPriority }, candidates: [waiting] },
      monday,
    ).deal;
  const approve = (conflict: Deal['conflict']) =>
    approveDeal(
      { ...deal, conflict },
      { approver: desk, withoutProtection: false, comment: '', internalNote: '' },
      { terms, candidates: [waiting] },
      monday,
    );
  expect(() => approve(null)).toThrow(expect.objectContaining({ reason: 'CONFLICT_UNDECIDED' }));
  expect(() => decide('PROCEED', 'FIRST_COMPLETE')).toThrow(expect.objectContaining({ reason: 'FIRST_CLAIM_GOES_FIRST' }));
  expect(approve(decide('PROCEED', 'VALUE_ADD').conflict).deal.protection?.state).toBe('ACTIVE');
  expect(approve(decide('DIFFERENT_CUSTOMER', 'FIRST_COMPLETE').conflict).deal.protection?.state).toBe('ACTIVE');
});

test('a rule approves only up to the limit of the tier, in its currency, and with nothing found', () => {
  const eligible = (change: Partial<Deal>, candidates = [candidate({ state: 'WITHDRAWN', protectionState: null })]): boolean =>
    submitDeal(givenDeal(change), { ...submitFacts, terms: generous, candidates }, monday).deal.timers.some(
      (timer) => timer.kind === 'AUTO_APPROVE',
    );
  expect(eligible({})).toBe(true);
  expect(eligible({ amount: usd(10_000) })).toBe(true);
  expect(eligible({ amount: usd(10_001) })).toBe(false);
  expect(eligible({ amount: { minor: 1n, currency: 'EUR' }, lines: [{ ...newDeal().lines[0]!, amount: null }] })).toBe(false);
  expect(eligible({}, [candidate()])).toBe(false);
});

test('the next timer is the earliest; what ends something goes before what announces it', () => {
  const at = (text: string): Date => new Date(`2026-03-${text}T00:00:00Z`);
  const deal = {
    timers: [
      { at: at('20'), kind: 'NOTICE' as const, days: 14 },
      { at: at('10'), kind: 'REMIND' as const, days: 3 },
      { at: at('21'), kind: 'PROTECTION_ENDS' as const, days: 0 },
    ],
  };
  expect(nextTimer(deal)).toEqual(at('10'));
  expect(dueTimer(deal, at('09'))).toBeNull();
  expect(dueTimer(deal, at('22'))?.kind).toBe('PROTECTION_ENDS');
});

test('an open question ends the claim after ten business days', () => {
  const asked = requestDealInfo(givenDealIn('IN_REVIEW'), { text: 'Why?', internalNote: '' }, facts, monday).deal;
  const timer = dueTimer(asked, new Date('2026-03-16T10:00:00Z'))!;
  expect(timer.kind).toBe('LAPSE');
  expect(fireTimer(asked, timer, timer.at)).toMatchObject({ move: 'lapse', reason: 'NO_RESPONSE', deal: { state: 'WITHDRAWN' } });
});

test('after an expiry the claim waits 30 days when somebody else is in line', () => {
  const expired = givenDealIn('EXPIRED');
  const again = (anotherWaits: boolean, now: string) =>
    resubmitDeal(expired, { id: 'd2', number: 'DR-2', ownerPersonId: null, ownerName: '', anotherWaits }, terms, new Date(now));
  expect(() => again(true, '2026-03-31T09:59:59Z')).toThrow(expect.objectContaining({ reason: 'WAITING_PERIOD' }));
  expect(again(true, '2026-04-01T10:00:00Z').deal.firstCompleteTime).toBeNull();
  expect(again(false, '2026-03-03T00:00:00Z').deal.state).toBe('DRAFT');
});

test('a draft made without a title takes the customer as one', () => {
  expect(createDeal(newDeal(), [terms], monday).deal.title).toBe('Acme GmbH');
});

test('a match that the check does not find any more cannot be decided', () => {
  const conflict = checkConflict(
    {
      dealId: 'd1',
      partnerId: 'p1',
      type: 'RESALE',
      keys: ['tax:DE123456789'],
      families: ['networking'],
      country: 'DE',
      firstCompleteTime: monday,
    },
    [candidate()],
    30,
    monday,
  );
  const decide = () =>
    decideDealConflict(
      givenDealIn('IN_REVIEW', { conflict }),
      { dealId: 'other', opportunityId: null, decision: 'PROCEED', reason: 'x', person: desk, isAdmin: true },
      { ...facts, candidates: [] },
      monday,
    );
  expect(decide).toThrow(expect.objectContaining({ reason: 'STALE_MATCH' }));
});
