import { illegalMove } from '@openprm/errors';
import { orderStates, type Order, type OrderState } from './order';

/** Whose hand makes a move: the partner's sellers, the order desk (and enterprise admins), or the platform itself. */
export type Side = 'PARTNER' | 'DESK' | 'SYSTEM';

interface Move {
  from: readonly OrderState[];
  /** States it can lead to; several where lines or the state before decide. `SAME` leaves the state alone. */
  to: readonly OrderState[] | 'SAME';
  by: readonly Side[];
}

const delivering = ['IN_FULFILMENT', 'PARTIALLY_FULFILLED'] as const;
const delivered = ['IN_FULFILMENT', 'PARTIALLY_FULFILLED', 'FULFILLED'] as const;

/** The whole life of an order; there is no other way into a state. */
export const moves = {
  edit: { from: ['DRAFT'], to: 'SAME', by: ['PARTNER', 'DESK'] },
  submit: { from: ['DRAFT'], to: ['SUBMITTED'], by: ['PARTNER', 'DESK'] },
  approveByRule: { from: ['SUBMITTED'], to: ['APPROVED'], by: ['SYSTEM'] },
  askForReview: { from: ['SUBMITTED'], to: ['UNDER_REVIEW'], by: ['SYSTEM'] },
  approve: { from: ['UNDER_REVIEW'], to: ['APPROVED'], by: ['DESK'] },
  reject: { from: ['UNDER_REVIEW'], to: ['REJECTED'], by: ['DESK'] },
  requestInfo: { from: ['UNDER_REVIEW'], to: ['INFO_REQUESTED'], by: ['DESK'] },
  answer: { from: ['INFO_REQUESTED'], to: ['UNDER_REVIEW'], by: ['PARTNER'] },
  // Leaves the rejected order as it is; the corrected copy starts as a DRAFT of its own.
  correct: { from: ['REJECTED'], to: 'SAME', by: ['PARTNER'] },
  start: { from: ['APPROVED'], to: ['IN_FULFILMENT'], by: ['SYSTEM'] },
  startLine: { from: delivering, to: delivering, by: ['DESK', 'SYSTEM'] },
  backorderLine: { from: delivering, to: delivering, by: ['DESK', 'SYSTEM'] },
  fulfilLine: { from: delivering, to: delivered, by: ['DESK', 'SYSTEM'] },
  hold: { from: ['IN_FULFILMENT'], to: ['ON_HOLD'], by: ['DESK'] },
  release: { from: ['ON_HOLD'], to: ['IN_FULFILMENT'], by: ['DESK'] },
  cancel: { from: ['SUBMITTED', 'UNDER_REVIEW', 'INFO_REQUESTED', 'APPROVED'], to: ['CANCELLED'], by: ['PARTNER', 'DESK'] },
  requestCancel: { from: ['IN_FULFILMENT', 'PARTIALLY_FULFILLED', 'ON_HOLD'], to: ['CANCEL_REQUESTED'], by: ['PARTNER'] },
  acceptCancel: { from: ['CANCEL_REQUESTED'], to: ['CANCELLED', 'FULFILLED'], by: ['DESK'] },
  refuseCancel: { from: ['CANCEL_REQUESTED'], to: ['IN_FULFILMENT', 'PARTIALLY_FULFILLED', 'ON_HOLD'], by: ['DESK'] },
  link: { from: orderStates, to: 'SAME', by: ['DESK'] },
} as const satisfies Record<string, Move>;

export type MoveName = keyof typeof moves;

const names = Object.keys(moves) as MoveName[];
const allows = (move: Move, state: OrderState): boolean => move.from.includes(state);

/** Who decides on an order is never who made it or handed it in. */
const decisions: readonly string[] = ['approve', 'reject', 'requestInfo'];

export const isOwnDecision = (order: Order, move: MoveName, principal: string): boolean =>
  decisions.includes(move) && [order.createdBy, order.submittedBy].includes(principal);

/** Moves that somebody on this side can make now, in the order of the table. */
export function possibleMoves(order: Order, sides: readonly Side[], principal = ''): MoveName[] {
  return names.filter((name) => {
    const move: Move = moves[name];
    return (
      allows(move, order.state) &&
      move.by.some((side) => sides.includes(side)) &&
      !isOwnDecision(order, name, principal) &&
      hasReason(order, name)
    );
  });
}

/** Moves that the state allows but that would have no object. */
function hasReason(order: Order, move: MoveName): boolean {
  if (move === 'link') return order.source !== 'PORTAL' && !(order.quoteId && order.opportunityId && order.dealId);
  return true;
}

/** Throws FAILED_PRECONDITION with the moves that are possible. */
export function requireMove(order: Order, move: MoveName): void {
  if (allows(moves[move], order.state)) return;
  throw illegalMove(move, order.state, possibleMoves(order, ['PARTNER', 'DESK']));
}
