import { decide, type Decision, type EventType } from './decision';
import { requireText } from './desk';
import { cancelOpenLines, derivedState, moveLine, type LineMove } from './lines';
import { requireMove, type Side } from './moves';
import type { Order } from './order';

const events: Record<LineMove, EventType> = {
  startLine: 'OrderLineStarted',
  backorderLine: 'OrderLineBackordered',
  fulfilLine: 'OrderLineFulfilled',
};

export interface LineInput {
  lineId: string;
  /** When it was delivered; now when not told. */
  fulfilTime?: Date | undefined;
  /** When delivery is expected. */
  expectedTime?: Date | undefined;
}

/** Moves one line; the order's state follows from all of them. */
export function moveOrderLine(order: Order, move: LineMove, input: LineInput, now: Date): Decision {
  requireMove(order, move);
  const fulfilTime = move === 'fulfilLine' ? (input.fulfilTime ?? now) : null;
  const lines = moveLine(order, input.lineId, move, {
    fulfilTime,
    expectedTime: move === 'backorderLine' ? (input.expectedTime ?? null) : null,
  });
  const state = derivedState(lines);
  return decide(order, move, now, {
    event: events[move],
    lineId: input.lineId,
    change: { lines, state, fulfilTime: state === 'FULFILLED' ? lastOf(lines, now) : null },
  });
}

export const holdOrder = (order: Order, reason: string, now: Date): Decision =>
  decide(order, 'hold', now, { event: 'OrderHeld', reason: requireText(reason, 'a reason'), change: { stateReason: reason } });

export const releaseOrder = (order: Order, reason: string, now: Date): Decision =>
  decide(order, 'release', now, { event: 'OrderReleased', reason: requireText(reason, 'a reason'), change: { stateReason: '' } });

/** Ends an order before fulfilment. */
export const cancelOrder = (order: Order, reason: string, now: Date): Decision =>
  decide(order, 'cancel', now, {
    event: 'OrderCancelled',
    reason: requireText(reason, 'a reason'),
    change: { lines: cancelOpenLines(order.lines), stateReason: reason, cancelTime: now, reviewDueTime: null, question: '' },
  });

export const requestCancel = (order: Order, reason: string, now: Date): Decision =>
  decide(order, 'requestCancel', now, {
    event: 'OrderCancelRequested',
    reason: requireText(reason, 'a reason'),
    change: { stateReason: reason, backTo: order.state },
  });

/** Cancels what is open. What was delivered stays delivered, and the order then counts as FULFILLED. */
export function acceptCancel(order: Order, comment: string, now: Date): Decision {
  requireMove(order, 'acceptCancel');
  const lines = cancelOpenLines(order.lines);
  const state = derivedState(lines);
  return decide(order, 'acceptCancel', now, {
    event: 'OrderCancelled',
    comment,
    change: {
      lines,
      state,
      backTo: null,
      decisionComment: comment,
      cancelTime: now,
      fulfilTime: state === 'FULFILLED' ? lastOf(lines, now) : null,
    },
  });
}

export function refuseCancel(order: Order, comment: string, now: Date): Decision {
  requireMove(order, 'refuseCancel');
  return decide(order, 'refuseCancel', now, {
    event: 'OrderCancelRefused',
    comment: requireText(comment, 'a text'),
    change: { state: order.backTo ?? derivedState(order.lines), backTo: null, decisionComment: comment, stateReason: '' },
  });
}

const lastOf = (lines: Order['lines'], now: Date): Date => {
  const times = lines.flatMap((line) => (line.fulfilTime ? [line.fulfilTime.getTime()] : []));
  return times.length > 0 ? new Date(Math.max(...times)) : now;
};

/** On which side of the table a role stands; null for roles that only read. */
export function sideOf(role: string): Side | null {
  if (role === 'PARTNER_ASSOCIATE' || role === 'PARTNER_MANAGER') return 'PARTNER';
  if (role === 'ORDER_DESK' || role === 'ENTERPRISE_ADMIN') return 'DESK';
  return role === 'SYSTEM' ? 'SYSTEM' : null;
}
