import fc from 'fast-check';
import { cancelOpenLines, derivedState, fulfilledTotalOf, lineMoves, moveLine, partnersOf, totalOf, type LineMove } from './lines';
import { lineStates, type LineState } from './order';
import { givenLine, givenLines, givenOrder, now, partnerA, partnerB, usd } from '../testing/given';

describe('a line', () => {
  it.each(lineStates.flatMap((state) => (Object.keys(lineMoves) as LineMove[]).map((move) => [state, move] as const)))(
    'in %s, %s follows the table',
    (state, move) => {
      const order = givenOrder({ lines: givenLines(state, 'PENDING') });
      const { from, to } = lineMoves[move];
      const make = () => moveLine(order, order.lines[0]!.id, move, {});
      if (!(from as readonly LineState[]).includes(state)) return expect(make).toThrow(expect.objectContaining({ reason: 'ILLEGAL_MOVE' }));
      expect(make().map((line) => line.state)).toEqual([to, 'PENDING']);
    },
  );

  it('is refused when the order has no such line', () => {
    expect(() => moveLine(givenOrder(), partnerA, 'fulfilLine', {})).toThrow(expect.objectContaining({ reason: 'UNKNOWN_LINE' }));
  });

  it('forgets when delivery was expected once it moves on', () => {
    const order = givenOrder({ lines: [givenLine({ state: 'BACKORDERED', expectedTime: now })] });
    expect(moveLine(order, order.lines[0]!.id, 'startLine', {})[0]).toMatchObject({ state: 'IN_FULFILMENT', expectedTime: null });
  });
});

describe('the state of an order follows from its lines', () => {
  const cases: [LineState[], string][] = [
    [['PENDING'], 'IN_FULFILMENT'],
    [['IN_FULFILMENT', 'BACKORDERED'], 'IN_FULFILMENT'],
    [['FULFILLED', 'PENDING'], 'PARTIALLY_FULFILLED'],
    [['FULFILLED', 'BACKORDERED', 'CANCELLED'], 'PARTIALLY_FULFILLED'],
    [['FULFILLED'], 'FULFILLED'],
    [['FULFILLED', 'CANCELLED'], 'FULFILLED'],
    [['CANCELLED', 'PENDING'], 'IN_FULFILMENT'],
    [['CANCELLED', 'CANCELLED'], 'CANCELLED'],
  ];
  it.each(cases)('%s gives %s', (states, state) => expect(derivedState(givenLines(...states))).toBe(state));

  it('is final after cancelling what is open, whatever the lines were', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...lineStates), { minLength: 1, maxLength: 8 }), (states) => {
        const state = derivedState(cancelOpenLines(givenLines(...states)));
        return state === (states.includes('FULFILLED') ? 'FULFILLED' : 'CANCELLED');
      }),
    );
  });
});

describe('sums', () => {
  it('keep what was ordered when lines are cancelled, and add up what was delivered', () => {
    const lines = [
      givenLine({ amount: usd(10_001), state: 'FULFILLED' }),
      givenLine({ amount: usd(20_002), state: 'CANCELLED' }),
      givenLine({ amount: usd(30_003) }),
    ];
    const order = givenOrder({ lines });
    expect([totalOf(order), fulfilledTotalOf(order)]).toEqual([usd(60_006), usd(10_001)]);
  });

  it("name each partner once, the order's own first", () => {
    const lines = [givenLine({ linePartnerId: partnerB }), givenLine(), givenLine({ linePartnerId: partnerB })];
    expect(partnersOf(givenOrder({ lines }))).toEqual([partnerA, partnerB]);
  });
});
