import { dealStates } from './deal';
import { canMove, dealMoveNames, dealMoves, movesFrom, stateAfter } from './deal-moves';

test('the table of moves', () => {
  const lines = dealMoveNames.map((move) => `${dealMoves[move].from.join(', ')} -- ${move} --> ${dealMoves[move].to}`);
  expect(lines).toEqual([
    'DRAFT -- edit --> SAME',
    'DRAFT -- delete --> GONE',
    'DRAFT -- submit --> SUBMITTED',
    'SUBMITTED -- autoApprove --> APPROVED',
    'SUBMITTED -- take --> IN_REVIEW',
    'IN_REVIEW -- requestInfo --> INFO_REQUESTED',
    'INFO_REQUESTED -- answer --> IN_REVIEW',
    'INFO_REQUESTED -- lapse --> WITHDRAWN',
    'SUBMITTED, IN_REVIEW -- decideConflict --> SAME',
    'IN_REVIEW -- approve --> APPROVED',
    'SUBMITTED, IN_REVIEW -- reject --> REJECTED',
    'SUBMITTED, IN_REVIEW, INFO_REQUESTED, APPROVED -- withdraw --> WITHDRAWN',
    'APPROVED -- convert --> CONVERTED',
    'APPROVED -- expire --> EXPIRED',
    'APPROVED -- requestRevocation --> SAME',
    'APPROVED -- revoke --> REJECTED',
    'REJECTED, WITHDRAWN, EXPIRED -- resubmit --> NEW',
  ]);
});

const pairs = dealStates.flatMap((state) => dealMoveNames.map((move) => [state, move] as const));

test.each(pairs)('from %s, %s is allowed exactly when the table says so', (state, move) => {
  if (canMove(state, move)) {
    const after = stateAfter({ state }, move);
    expect(after).toBe((dealStates as readonly string[]).includes(dealMoves[move].to) ? dealMoves[move].to : state);
  } else {
    expect(() => stateAfter({ state }, move)).toThrow(
      expect.objectContaining({
        code: 'FAILED_PRECONDITION',
        reason: 'ILLEGAL_MOVE',
        details: { metadata: { state, moves: movesFrom(state).join(',') } },
      }),
    );
  }
});

test('CONVERTED is never left', () => {
  expect(movesFrom('CONVERTED')).toEqual([]);
});
