import { illegalMove } from '@openprm/errors';
import { dealStates, type Deal, type DealState } from './deal';

interface Move {
  from: readonly DealState[];
  /** State afterwards; `SAME` stays, `GONE` deletes, `NEW` leaves the record as it is and opens a linked one. */
  to: DealState | 'SAME' | 'GONE' | 'NEW';
}

/** The lifecycle of a deal; there is no other way from state to state. */
export const dealMoves = {
  edit: { from: ['DRAFT'], to: 'SAME' },
  delete: { from: ['DRAFT'], to: 'GONE' },
  submit: { from: ['DRAFT'], to: 'SUBMITTED' },
  autoApprove: { from: ['SUBMITTED'], to: 'APPROVED' },
  take: { from: ['SUBMITTED'], to: 'IN_REVIEW' },
  requestInfo: { from: ['IN_REVIEW'], to: 'INFO_REQUESTED' },
  answer: { from: ['INFO_REQUESTED'], to: 'IN_REVIEW' },
  lapse: { from: ['INFO_REQUESTED'], to: 'WITHDRAWN' },
  decideConflict: { from: ['SUBMITTED', 'IN_REVIEW'], to: 'SAME' },
  approve: { from: ['IN_REVIEW'], to: 'APPROVED' },
  reject: { from: ['SUBMITTED', 'IN_REVIEW'], to: 'REJECTED' },
  withdraw: { from: ['SUBMITTED', 'IN_REVIEW', 'INFO_REQUESTED', 'APPROVED'], to: 'WITHDRAWN' },
  convert: { from: ['APPROVED'], to: 'CONVERTED' },
  expire: { from: ['APPROVED'], to: 'EXPIRED' },
  requestRevocation: { from: ['APPROVED'], to: 'SAME' },
  revoke: { from: ['APPROVED'], to: 'REJECTED' },
  resubmit: { from: ['REJECTED', 'WITHDRAWN', 'EXPIRED'], to: 'NEW' },
} as const satisfies Record<string, Move>;

export type DealMove = keyof typeof dealMoves;
export const dealMoveNames = Object.keys(dealMoves) as DealMove[];

export const canMove = (state: DealState, move: DealMove): boolean => (dealMoves[move].from as readonly DealState[]).includes(state);

/** Moves that a person or program can ask for in a state; timers and rules aside. */
export const movesFrom = (state: DealState): DealMove[] =>
  dealMoveNames.filter((move) => canMove(state, move) && !['autoApprove', 'lapse', 'expire'].includes(move));

/** State after the move. Throws FAILED_PRECONDITION with the moves that are possible. */
export function stateAfter(deal: Pick<Deal, 'state'>, move: DealMove): DealState {
  if (!canMove(deal.state, move)) throw illegalMove(move, deal.state, movesFrom(deal.state));
  const { to } = dealMoves[move];
  return (dealStates as readonly string[]).includes(to) ? (to as DealState) : deal.state;
}
