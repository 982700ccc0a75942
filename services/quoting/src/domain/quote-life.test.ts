import { givenFacts, givenLine, givenQuote, newId, NOW, OTHER, OWNER, priced } from '../testing/given';
import type { ApprovalGroup } from './approval';
import { answerLines, shareLine } from './co-sell';
import { awaitingGroup, type Quote } from './quote';
import * as life from './quote-life';

const days = (count: number) => new Date(NOW.getTime() + count * 86_400_000);
const refusal = (work: () => unknown) => {
  try {
    work();
    return 'accepted';
  } catch (error) {
    return (error as { reason: string }).reason;
  }
};
const submitFacts = (fields: Partial<life.SubmitFacts> = {}): life.SubmitFacts => ({
  rightsOf: () => ({ tier: 'SILVER', maxDiscountBps: null }),
  limit: null,
  standingOf: () => ({ active: true, enrolled: true }),
  confirmationNeeded: false,
  submittedBy: 'seller',
  newId,
  ...fields,
});
const givenPriced = (fields: Partial<Quote> = {}): Quote =>
  givenQuote({ state: 'PRICED', ...fields, lines: priced(fields.lines ?? [givenLine()]) });
const submitted = (discountBps: number, fields: Partial<life.SubmitFacts> = {}): Quote =>
  life.submitQuote(givenPriced({ lines: [givenLine({ discountBps })] }), submitFacts(fields), NOW).quote;
const decider = (principal: string, ...groups: ApprovalGroup[]): life.Decider => ({ principal, name: principal, groups: new Set(groups) });

test('a new quote is a draft, valid to the end of the day 30 days from now', () => {
  const { quote, event } = life.createQuote(
    {
      id: newId(),
      number: 'QU-000001',
      partnerId: OWNER,
      dealId: null,
      opportunityId: null,
      customerId: null,
      customerName: '',
      currency: 'USD',
      header: {},
      validityDays: 30,
      lines: [],
    },
    NOW,
  );
  expect(quote).toMatchObject({
    state: 'DRAFT',
    version: 1,
    revision: 1,
    paymentTermsDays: 30,
    validUntil: new Date('2026-04-01T23:59:59.000Z'),
  });
  expect(event.type).toBe('QuoteCreated');
});

test('pricing keeps the steps, editing drops every amount', () => {
  const { quote } = life.priceQuote(givenQuote(), () => givenFacts(), NOW);
  expect(quote).toMatchObject({ state: 'PRICED', version: 2 });
  expect(quote.lines[0]!.priced!.netAmount).toBe(10000n);
  const edited = life.editQuote(quote, { note: 'x' }, quote.lines, NOW).quote;
  expect(edited).toMatchObject({ state: 'DRAFT', version: 3, note: 'x' });
  expect(edited.lines[0]!.priced).toBeNull();
});

test('a quote without lines cannot be priced', () =>
  expect(refusal(() => life.priceQuote(givenQuote({ lines: [] }), () => givenFacts(), NOW))).toBe('NO_LINES'));

describe('submit', () => {
  test('approves at once when no rule fires', () => {
    const decision = life.submitQuote(givenPriced(), submitFacts(), NOW);
    expect(decision).toMatchObject({
      quote: { state: 'APPROVED', submittedBy: 'seller', submittedAt: NOW, steps: [] },
      event: { type: 'QuoteApproved' },
    });
  });

  test('asks for approval when one fires', () => {
    const quote = submitted(800);
    expect(quote.state).toBe('APPROVAL_NEEDED');
    expect(awaitingGroup(quote)).toBe('RELATIONSHIP_MANAGER');
  });

  test.each<[string, Partial<Quote>, Partial<life.SubmitFacts>]>([
    ['VALIDITY_PASSED', { validUntil: new Date(NOW.getTime() - 1) }, {}],
    ['PARTNER_NOT_ACTIVE', {}, { standingOf: () => ({ active: false, enrolled: true }) }],
    ['PARTNER_NOT_ENROLLED', {}, { standingOf: () => ({ active: true, enrolled: false }) }],
    [
      'PARTNER_NOT_ACTIVE',
      { lines: [givenLine({ linePartnerId: OTHER })] },
      { standingOf: (id) => ({ active: id === OWNER, enrolled: true }) },
    ],
    ['LINES_REFUSED', { lines: [givenLine({ linePartnerId: OTHER, confirmation: 'REFUSED' })] }, {}],
    ['LINES_NOT_CONFIRMED', { lines: [givenLine({ linePartnerId: OTHER, confirmation: 'PENDING' })] }, { confirmationNeeded: true }],
    ['accepted', { lines: [givenLine({ linePartnerId: OTHER, confirmation: 'PENDING' })] }, {}],
    ['accepted', { lines: [givenLine({ linePartnerId: OTHER, confirmation: 'CONFIRMED' })] }, { confirmationNeeded: true }],
    ['ILLEGAL_MOVE', { state: 'DRAFT' }, {}],
  ])('%s: %j', (reason, quote, facts) => expect(refusal(() => life.submitQuote(givenPriced(quote), submitFacts(facts), NOW))).toBe(reason));
});

describe('approval', () => {
  test('the last step approves, those before it open the next', () => {
    const two = life.submitQuote(givenPriced({ lines: [givenLine({ discountBps: 800, needsCheck: true })] }), submitFacts(), NOW).quote;
    const one = life.approveStep(two, decider('rm', 'RELATIONSHIP_MANAGER'), 'fine', NOW);
    expect(one).toMatchObject({ quote: { state: 'APPROVAL_NEEDED' }, event: { type: 'QuoteApprovalStepApproved' } });
    expect(awaitingGroup(one.quote)).toBe('DEAL_DESK');
    expect(life.approveStep(one.quote, decider('desk', 'DEAL_DESK'), '', NOW)).toMatchObject({
      quote: { state: 'APPROVED' },
      event: { type: 'QuoteApproved' },
    });
  });

  test('only the group of the open step decides, and never the submitter', () => {
    expect(refusal(() => life.approveStep(submitted(800), decider('desk', 'DEAL_DESK'), '', NOW))).toBe('ROLE_NOT_ALLOWED');
    expect(refusal(() => life.approveStep(submitted(800, { submittedBy: 'rm' }), decider('rm', 'RELATIONSHIP_MANAGER'), '', NOW))).toBe(
      'SECOND_PERSON_NEEDED',
    );
    expect(refusal(() => life.rejectQuote(submitted(800, { submittedBy: 'rm' }), decider('rm', 'RELATIONSHIP_MANAGER'), 'no', NOW))).toBe(
      'SECOND_PERSON_NEEDED',
    );
  });

  test('a rejection says why and closes the other steps', () => {
    const two = life.submitQuote(givenPriced({ lines: [givenLine({ discountBps: 800, needsCheck: true })] }), submitFacts(), NOW).quote;
    const rejected = life.rejectQuote(two, decider('rm', 'RELATIONSHIP_MANAGER'), 'too low', NOW).quote;
    expect(rejected).toMatchObject({
      state: 'REJECTED',
      stateComment: 'too low',
      steps: [{ state: 'REJECTED', comment: 'too low' }, { state: 'CANCELLED' }],
    });
    expect(refusal(() => life.rejectQuote(two, decider('rm', 'RELATIONSHIP_MANAGER'), ' ', NOW))).toBe('REQUIRED');
  });

  test('a recall cancels what is open, keeps what is approved and drops the amounts', () => {
    const two = life.submitQuote(givenPriced({ lines: [givenLine({ discountBps: 800, needsCheck: true })] }), submitFacts(), NOW).quote;
    const one = life.approveStep(two, decider('rm', 'RELATIONSHIP_MANAGER'), '', NOW).quote;
    const draft = life.recallQuote(one, '', NOW).quote;
    expect(draft).toMatchObject({ state: 'DRAFT', steps: [{ state: 'APPROVED' }, { state: 'CANCELLED' }], lines: [{ priced: null }] });
    const again = life.submitQuote({ ...draft, state: 'PRICED', lines: priced(draft.lines) }, submitFacts(), NOW).quote;
    expect(again.steps).toMatchObject([
      { state: 'APPROVED', reused: true },
      { state: 'OPEN', reused: false },
    ]);
  });
});

describe('accept', () => {
  const approved = givenPriced({ state: 'APPROVED', validUntil: NOW });
  test('up to the very last moment of the validity', () => {
    expect(life.acceptQuote(approved, 'PO 1', NOW).quote).toMatchObject({ state: 'ACCEPTED', acceptanceProof: 'PO 1', acceptedAt: NOW });
    expect(refusal(() => life.acceptQuote(approved, 'PO 1', new Date(NOW.getTime() + 1)))).toBe('VALIDITY_PASSED');
  });
});

describe('revise', () => {
  const old = life.approveStep(submitted(800), decider('rm', 'RELATIONSHIP_MANAGER'), '', NOW).quote;
  const { old: superseded, next } = life.reviseQuote(old, 30, newId, days(1));

  test('leaves one active version: the old one superseded, the new one a draft with the same number', () => {
    expect(superseded).toMatchObject({ quote: { state: 'SUPERSEDED', supersededById: next.quote.id }, event: { type: 'QuoteSuperseded' } });
    expect(next).toMatchObject({
      quote: { state: 'DRAFT', number: old.number, revision: 2, version: 1, supersedesId: old.id, submittedBy: null },
      event: { type: 'QuoteRevised' },
    });
    expect(next.quote.lines[0]).toMatchObject({ productId: old.lines[0]!.productId, discountBps: 800, priced: null });
    expect(next.quote.lines[0]!.id).not.toBe(old.lines[0]!.id);
  });

  test('approvals go with it for what is not worse', () => {
    const resubmit = (discountBps: number) =>
      life.submitQuote(
        { ...next.quote, state: 'PRICED', lines: priced(next.quote.lines.map((line) => ({ ...line, discountBps }))) },
        submitFacts(),
        days(1),
      ).quote.state;
    expect(resubmit(800)).toBe('APPROVED');
    expect(resubmit(700)).toBe('APPROVED');
    expect(resubmit(900)).toBe('APPROVAL_NEEDED');
  });

  test('an ended validity starts anew, a running one is kept', () => {
    expect(next.quote.validUntil).toEqual(old.validUntil);
    const expired = givenPriced({ state: 'EXPIRED', validUntil: days(-1) });
    expect(life.reviseQuote(expired, 10, newId, NOW).next.quote.validUntil).toEqual(new Date('2026-03-12T23:59:59.000Z'));
  });
});

describe('notices before the end', () => {
  const at = (left: number, noticeDays: number | null) => life.dueNotice({ validUntil: days(left), noticeDays }, NOW);
  test.each([
    [8, null, null],
    [7, null, 7],
    [6, null, 7],
    [6, 7, null],
    [1, 7, 1],
    [0, 7, 1],
    [0, 1, null],
    [0.5, null, 1],
  ])('%s days left, last told at %s: %s', (left, told, due) => expect(at(left, told)).toBe(due));
});

describe('co-selling', () => {
  const quote = givenQuote({ lines: [givenLine(), givenLine({ linePartnerId: OTHER, confirmation: 'PENDING' })] });

  test('a line partner answers for its own lines while the quote is written', () => {
    expect(answerLines(quote, OTHER, 'CONFIRMED', '', NOW).quote.lines.map((line) => line.confirmation)).toEqual([
      'NOT_NEEDED',
      'CONFIRMED',
    ]);
    expect(answerLines(quote, OTHER, 'REFUSED', 'no stock', NOW).quote).toMatchObject({
      stateComment: 'no stock',
      lines: [{}, { confirmation: 'REFUSED' }],
    });
    expect(refusal(() => answerLines(quote, OWNER, 'CONFIRMED', '', NOW))).toBe('NOT_YOUR_LINE');
    expect(refusal(() => answerLines({ ...quote, state: 'APPROVED' }, OTHER, 'REFUSED', '', NOW))).toBe('ILLEGAL_MOVE');
  });

  test('the price of a line is shared by its partner alone', () => {
    const [own, foreign] = quote.lines;
    const acts = (id: string) => id === OWNER;
    expect(shareLine(quote, own!.id, true, acts, NOW).quote.lines.map((line) => line.shared)).toEqual([true, false]);
    expect(refusal(() => shareLine(quote, foreign!.id, true, acts, NOW))).toBe('NOT_YOUR_LINE');
    expect(refusal(() => shareLine(quote, 'unknown', true, acts, NOW))).toBe('UNKNOWN_LINE');
  });
});
