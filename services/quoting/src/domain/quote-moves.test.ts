import { nextState, possibleMoves, tableOf } from '@openprm/moves';
import { quoteMoves, type QuoteMove, type QuoteState } from './quote-moves';

const STATES: QuoteState[] = [
  'DRAFT',
  'PRICED',
  'SUBMITTED',
  'APPROVAL_NEEDED',
  'APPROVED',
  'PRESENTED',
  'ACCEPTED',
  'REJECTED',
  'DECLINED',
  'EXPIRED',
  'CANCELLED',
  'SUPERSEDED',
  'ORDERED',
];

test('the table of moves', () => {
  expect(`\n${tableOf(quoteMoves)}\n`).toBe(`
DRAFT | PRICED --edit--> DRAFT
DRAFT --price--> PRICED
PRICED --submit--> SUBMITTED
SUBMITTED --passRules--> APPROVED
SUBMITTED --requestApproval--> APPROVAL_NEEDED
APPROVAL_NEEDED --approve--> APPROVED
APPROVAL_NEEDED --reject--> REJECTED
SUBMITTED | APPROVAL_NEEDED --recall--> DRAFT
APPROVED --present--> PRESENTED
APPROVED | PRESENTED --accept--> ACCEPTED
APPROVED | PRESENTED --decline--> DECLINED
DRAFT | PRICED | SUBMITTED | APPROVAL_NEEDED | APPROVED | PRESENTED | REJECTED | EXPIRED --revise--> SUPERSEDED
DRAFT | PRICED | SUBMITTED | APPROVAL_NEEDED | APPROVED | PRESENTED --cancel--> CANCELLED
APPROVED | PRESENTED --expire--> EXPIRED
ACCEPTED --order--> ORDERED
`);
});

describe.each(STATES)('in state %s', (state) => {
  test.each(Object.keys(quoteMoves) as QuoteMove[])('%s goes where the table says or is refused with what is possible', (move) => {
    const possible = possibleMoves(quoteMoves, state);
    if (possible.includes(move)) expect(nextState(quoteMoves, move, state)).toBe(quoteMoves[move].to);
    else
      expect(() => nextState(quoteMoves, move, state)).toThrow(
        expect.objectContaining({ code: 'FAILED_PRECONDITION', details: { metadata: { state, moves: possible.join(',') } } }),
      );
  });
});

test.each<QuoteState>(['DECLINED', 'CANCELLED', 'SUPERSEDED', 'ORDERED'])('%s is never left', (state) =>
  expect(possibleMoves(quoteMoves, state)).toEqual([]),
);
