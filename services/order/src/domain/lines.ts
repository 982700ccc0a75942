import { failedPrecondition, illegalMove } from '@openprm/errors';
import { sum, type Money } from '@openprm/money';
import type { LineState, Order, OrderLine, OrderState } from './order';

/** The life of a line. Cancelling belongs to the whole order. */
export const lineMoves = {
  startLine: { from: ['PENDING', 'BACKORDERED'], to: 'IN_FULFILMENT' },
  backorderLine: { from: ['PENDING', 'IN_FULFILMENT'], to: 'BACKORDERED' },
  fulfilLine: { from: ['PENDING', 'IN_FULFILMENT', 'BACKORDERED'], to: 'FULFILLED' },
} as const satisfies Record<string, { from: readonly LineState[]; to: LineState }>;

export type LineMove = keyof typeof lineMoves;

const isOpen = (line: OrderLine): boolean => line.state !== 'FULFILLED' && line.state !== 'CANCELLED';

/** Lines after one of them moved. Throws UNKNOWN_LINE, or ILLEGAL_MOVE with the moves that line has. */
export function moveLine(
  order: Order,
  lineId: string,
  move: LineMove,
  times: Partial<Pick<OrderLine, 'expectedTime' | 'fulfilTime'>>,
): OrderLine[] {
  const line = order.lines.find((each) => each.id === lineId);
  if (!line) throw failedPrecondition('UNKNOWN_LINE', 'The order has no such line.');
  if (!(lineMoves[move].from as readonly LineState[]).includes(line.state)) throw illegalMove(move, line.state, movesOfLine(line));
  const moved: OrderLine = { ...line, expectedTime: null, ...times, state: lineMoves[move].to };
  return order.lines.map((each) => (each === line ? moved : each));
}

const movesOfLine = (line: OrderLine): LineMove[] =>
  (Object.keys(lineMoves) as LineMove[]).filter((move) => (lineMoves[move].from as readonly LineState[]).includes(line.state));

/**
 * The order's state as its lines tell it: FULFILLED when every line that was not cancelled is delivered, PARTIALLY_FULFILLED when some
 * are, CANCELLED when nothing is left, IN_FULFILMENT otherwise.
 */
export function derivedState(lines: readonly OrderLine[]): OrderState {
  const alive = lines.filter((line) => line.state !== 'CANCELLED');
  if (alive.length === 0) return 'CANCELLED';
  if (alive.every((line) => line.state === 'FULFILLED')) return 'FULFILLED';
  return alive.some((line) => line.state === 'FULFILLED') ? 'PARTIALLY_FULFILLED' : 'IN_FULFILMENT';
}

/** Lines with every open one cancelled. */
export const cancelOpenLines = (lines: readonly OrderLine[]): OrderLine[] =>
  lines.map((line) => (isOpen(line) ? { ...line, state: 'CANCELLED', expectedTime: null } : line));

/** Sum of what was ordered; cancelling does not change it, so it stays the quote's. */
export const totalOf = (order: Order): Money =>
  sum(
    order.lines.map((line) => line.amount),
    order.currency,
  );

/** Sum of what was delivered. */
export const fulfilledTotalOf = (order: Order): Money =>
  sum(
    order.lines.filter((line) => line.state === 'FULFILLED').map((line) => line.amount),
    order.currency,
  );

/** Every partner with a line, in order of first appearance, the order's own partner first. */
export const partnersOf = (order: Pick<Order, 'partnerId' | 'lines'>): string[] => [
  ...new Set([order.partnerId, ...order.lines.map((line) => line.linePartnerId)]),
];
