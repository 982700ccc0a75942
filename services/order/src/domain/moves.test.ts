import { acceptCancel, cancelOrder, holdOrder, moveOrderLine, refuseCancel, releaseOrder, requestCancel } from './delivery';
import { answerOrder, approveOrder, correctOrder, rejectOrder, requestInfo } from './desk';
import type { Decision } from './decision';
import { editOrder, linkOrder } from './edit';
import { isOwnDecision, moves, possibleMoves, type MoveName } from './moves';
import { orderStates, type Order } from './order';
import { defaultSettings } from './settings';
import { submitOrder } from './submit';
import { desk, givenFacts, givenOrderIn, nextId, now, seller } from '../testing/given';

const making = {
  id: nextId(),
  number: 'OR-000002',
  newId: nextId,
  by: seller,
  now,
};
const line = (order: Order) => ({ lineId: order.lines[0]!.id });

/** How people make each move; the platform's own moves happen inside these. */
const made: Partial<Record<MoveName, (order: Order) => Decision>> = {
  edit: (order) => editOrder(order, { note: 'new' }, now),
  submit: (order) =>
    submitOrder(
      { order, steps: [] },
      {
        facts: givenFacts(),
        settings: defaultSettings,
        by: seller,
        confirmDuplicate: false,
      },
      now,
    ),
  approve: (order) => approveOrder(order, desk, {}, now),
  reject: (order) => rejectOrder(order, desk, { reason: 'CREDIT' }, now),
  requestInfo: (order) => requestInfo(order, desk, { comment: 'Which site?' }, now),
  answer: (order) => answerOrder(order, { comment: 'The first.', shipTo: null, purchaseOrderNumber: '' }, now),
  correct: (order) => correctOrder(order, making),
  startLine: (order) => moveOrderLine(order, 'startLine', line(order), now),
  backorderLine: (order) => moveOrderLine(order, 'backorderLine', line(order), now),
  fulfilLine: (order) => moveOrderLine(order, 'fulfilLine', line(order), now),
  hold: (order) => holdOrder(order, 'stock', now),
  release: (order) => releaseOrder(order, 'arrived', now),
  cancel: (order) => cancelOrder(order, 'changed mind', now),
  requestCancel: (order) => requestCancel(order, 'changed mind', now),
  acceptCancel: (order) => acceptCancel(order, '', now),
  refuseCancel: (order) => refuseCancel(order, 'already shipped', now),
  link: (order) => linkOrder({ ...order, source: 'crm' }, { quote: null, opportunityId: nextId(), dealId: null }, now),
};

const manual = Object.entries(made) as [MoveName, (order: Order) => Decision][];

describe('the life of an order', () => {
  it('is this table', () => {
    const table = Object.entries(moves).map(
      ([name, { from, to, by }]) =>
        `${from === orderStates ? 'any' : from.join(' | ')} --${name} (${by.join(', ')})--> ${to === 'SAME' ? 'same' : to.join(' | ')}`,
    );
    expect(table.join('\n')).toMatchInlineSnapshot(`
     "DRAFT --edit (PARTNER, DESK)--> same
     DRAFT --submit (PARTNER, DESK)--> SUBMITTED
     SUBMITTED --approveByRule (SYSTEM)--> APPROVED
     SUBMITTED --askForReview (SYSTEM)--> UNDER_REVIEW
     UNDER_REVIEW --approve (DESK)--> APPROVED
     UNDER_REVIEW --reject (DESK)--> REJECTED
     UNDER_REVIEW --requestInfo (DESK)--> INFO_REQUESTED
     INFO_REQUESTED --answer (PARTNER)--> UNDER_REVIEW
     REJECTED --correct (PARTNER)--> same
     APPROVED --start (SYSTEM)--> IN_FULFILMENT
     IN_FULFILMENT | PARTIALLY_FULFILLED --startLine (DESK, SYSTEM)--> IN_FULFILMENT | PARTIALLY_FULFILLED
     IN_FULFILMENT | PARTIALLY_FULFILLED --backorderLine (DESK, SYSTEM)--> IN_FULFILMENT | PARTIALLY_FULFILLED
     IN_FULFILMENT | PARTIALLY_FULFILLED --fulfilLine (DESK, SYSTEM)--> IN_FULFILMENT | PARTIALLY_FULFILLED | FULFILLED
     IN_FULFILMENT --hold (DESK)--> ON_HOLD
     ON_HOLD --release (DESK)--> IN_FULFILMENT
     SUBMITTED | UNDER_REVIEW | INFO_REQUESTED | APPROVED --cancel (PARTNER, DESK)--> CANCELLED
     IN_FULFILMENT | PARTIALLY_FULFILLED | ON_HOLD --requestCancel (PARTNER)--> CANCEL_REQUESTED
     CANCEL_REQUESTED --acceptCancel (DESK)--> CANCELLED | FULFILLED
     CANCEL_REQUESTED --refuseCancel (DESK)--> IN_FULFILMENT | PARTIALLY_FULFILLED | ON_HOLD
     any --link (DESK)--> same"
    `);
  });

  it('starts every move of the table by somebody, or by the platform within another', () => {
    expect(Object.keys(moves).filter((name) => !(name in made))).toEqual(['approveByRule', 'askForReview', 'start']);
  });

  it.each(orderStates.flatMap((state) => manual.map(([move]) => [state, move] as const)))('in %s, %s follows the table', (state, move) => {
    const order = givenOrderIn(state);
    const table = moves[move] as {
      from: readonly string[];
      to: readonly string[] | 'SAME';
    };
    if (!table.from.includes(state)) {
      expect(() => made[move]!(order)).toThrow(
        expect.objectContaining({
          code: 'FAILED_PRECONDITION',
          reason: 'ILLEGAL_MOVE',
        }),
      );
      return;
    }
    const [step] = made[move]!(order).steps;
    if (move !== 'correct')
      expect({ from: step!.from, move: step!.move }).toEqual({
        from: state,
        move,
      });
    if (table.to !== 'SAME') expect(table.to).toContain(step!.order.state);
  });

  it.each(['REJECTED', 'FULFILLED', 'CANCELLED'] as const)('never leaves %s', (state) => {
    const leading = Object.values(moves).filter(
      (move) => (move.from as readonly string[]).includes(state) && (move.to as unknown) !== 'SAME',
    );
    expect(leading).toEqual([]);
  });

  it('tells with a refused move which ones are possible', () => {
    expect(() => holdOrder(givenOrderIn('ON_HOLD'), 'stock', now)).toThrow(
      expect.objectContaining({
        details: {
          metadata: { state: 'ON_HOLD', moves: 'release,requestCancel' },
        },
      }),
    );
  });
});

describe('who may', () => {
  it('offers the desk its decisions and the partner its own moves', () => {
    const order = givenOrderIn('UNDER_REVIEW');
    expect(possibleMoves(order, ['DESK'], desk)).toEqual(['approve', 'reject', 'requestInfo', 'cancel']);
    expect(possibleMoves(order, ['PARTNER'], seller)).toEqual(['cancel']);
    expect(possibleMoves(order, [])).toEqual([]);
  });

  it.each([
    approveOrder,
    (order: Order, by: string) => rejectOrder(order, by, { reason: 'CREDIT' }, now),
    (order: Order, by: string) => requestInfo(order, by, { comment: '?' }, now),
  ])('refuses a decision to whoever made or handed in the order', (decideOn) => {
    for (const order of [givenOrderIn('UNDER_REVIEW', { createdBy: desk }), givenOrderIn('UNDER_REVIEW', { submittedBy: desk })]) {
      expect(() => decideOn(order, desk, {}, now)).toThrow(
        expect.objectContaining({
          code: 'PERMISSION_DENIED',
          reason: 'REVIEWER_IS_CREATOR',
        }),
      );
      expect(isOwnDecision(order, 'approve', desk)).toBe(true);
      expect(possibleMoves(order, ['DESK'], desk)).toEqual(['cancel']);
    }
  });

  it('offers linking only for orders from outside that lack something', () => {
    const outside = givenOrderIn('FULFILLED', { source: 'crm', quoteId: null });
    expect(possibleMoves(outside, ['DESK'])).toEqual(['link']);
    expect(possibleMoves(givenOrderIn('FULFILLED'), ['DESK'])).toEqual([]);
  });
});
