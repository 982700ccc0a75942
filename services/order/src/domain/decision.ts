import { moves, requireMove, type MoveName } from './moves';
import type { Order, OrderState } from './order';

/** Event types of the contract's events.proto. */
export type EventType =
  | 'OrderCreated'
  | 'OrderUpdated'
  | 'OrderImported'
  | 'OrderLinked'
  | 'OrderSubmitted'
  | 'OrderReviewRequested'
  | 'OrderInfoRequested'
  | 'OrderInfoAnswered'
  | 'OrderApproved'
  | 'OrderRejected'
  | 'OrderFulfilmentStarted'
  | 'OrderLineStarted'
  | 'OrderLineBackordered'
  | 'OrderLineFulfilled'
  | 'OrderHeld'
  | 'OrderReleased'
  | 'OrderCancelRequested'
  | 'OrderCancelRefused'
  | 'OrderCancelled';

/** What people say with a move. */
export interface Said {
  reason?: string;
  comment?: string;
  internalNote?: string;
}

/** One move with the order as it was after it: one audit row, one event. */
export interface Step extends Said {
  move: MoveName | 'create' | 'import';
  from: OrderState | '';
  order: Order;
  event: EventType;
  lineId?: string;
  /** True when the platform made this step by itself. */
  automatic?: boolean;
}

/** What a command did: the order at the end and the steps on the way, oldest first. */
export interface Decision {
  order: Order;
  steps: Step[];
}

/** The first step of a new order. */
export const begin = (order: Order, move: 'create' | 'import', event: EventType, comment = ''): Decision => ({
  order,
  steps: [{ move, from: '', order, event, comment }],
});

interface Next extends Said {
  event: EventType;
  lineId?: string;
  automatic?: boolean;
  change?: Partial<Order>;
}

/** Adds a move to what was decided so far. Refuses a move or a target that the table does not have. */
export function then(before: Decision, move: MoveName, now: Date, next: Next): Decision {
  const { change = {}, ...step } = next;
  requireMove(before.order, move);
  const order: Order = {
    ...before.order,
    ...change,
    state: change.state ?? targetOf(move, before.order),
    version: before.order.version + 1,
    updateTime: now,
  };
  requireTarget(move, before.order, order.state);
  return { order, steps: [...before.steps, { move, from: before.order.state, order, ...step }] };
}

export const decide = (order: Order, move: MoveName, now: Date, next: Next): Decision => then({ order, steps: [] }, move, now, next);

function targetOf(move: MoveName, order: Order): OrderState {
  const { to } = moves[move];
  return to === 'SAME' ? order.state : to[0];
}

function requireTarget(move: MoveName, before: Order, state: OrderState): void {
  const to: readonly OrderState[] | 'SAME' = moves[move].to;
  if (to === 'SAME' ? state === before.state : to.includes(state)) return;
  throw new Error(`The move table does not lead from ${before.state} by ${move} to ${state}.`);
}
