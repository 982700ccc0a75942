import { failedPrecondition, permissionDenied } from '@openprm/errors';
import { nextBusinessDay } from './business-day';
import { decide, begin, type Decision, type Said } from './decision';
import { isOwnDecision, requireMove, type MoveName } from './moves';
import { blank, type Making } from './new-order';
import type { Order, ShipTo } from './order';
import { startFulfilment } from './submit';

/** UNDER_REVIEW to APPROVED, and on to fulfilment at once. */
export function approveOrder(order: Order, by: string, said: Said, now: Date): Decision {
  requireOther(order, 'approve', by);
  const approved = decide(order, 'approve', now, {
    event: 'OrderApproved',
    ...said,
    change: { ...decided(now), decisionComment: said.comment ?? '' },
  });
  return startFulfilment(approved, now);
}

export function rejectOrder(order: Order, by: string, said: Said & { reason: string }, now: Date): Decision {
  requireOther(order, 'reject', by);
  return decide(order, 'reject', now, {
    event: 'OrderRejected',
    ...said,
    change: { ...decided(now), rejectReason: said.reason, decisionComment: said.comment ?? '' },
  });
}

export function requestInfo(order: Order, by: string, said: Said & { comment: string }, now: Date): Decision {
  requireOther(order, 'requestInfo', by);
  return decide(order, 'requestInfo', now, {
    event: 'OrderInfoRequested',
    ...said,
    change: { question: requireText(said.comment, 'a question'), reviewDueTime: null },
  });
}

export interface Answer {
  comment: string;
  shipTo: ShipTo | null;
  purchaseOrderNumber: string;
}

/** The partner answers, perhaps with another address; the clock of the order desk starts anew. */
export function answerOrder(order: Order, answer: Answer, now: Date): Decision {
  return decide(order, 'answer', now, {
    event: 'OrderInfoAnswered',
    comment: requireText(answer.comment, 'an answer'),
    change: {
      question: '',
      reviewDueTime: nextBusinessDay(now),
      shipTo: answer.shipTo ?? order.shipTo,
      purchaseOrderNumber: answer.purchaseOrderNumber || order.purchaseOrderNumber,
    },
  });
}

/** A new draft with the content of a rejected order, which stays as it is. */
export function correctOrder(rejected: Order, making: Making): Decision {
  requireMove(rejected, 'correct');
  const lines = rejected.lines.map((line) => ({
    ...line,
    id: making.newId(),
    state: 'PENDING' as const,
    expectedTime: null,
    fulfilTime: null,
  }));
  const fresh = blank(making);
  const order: Order = {
    ...rejected,
    ...pick(fresh, [
      'id',
      'number',
      'version',
      'state',
      'createdBy',
      'submittedBy',
      'reviewReasons',
      'reviewDueTime',
      'question',
      'rejectReason',
      'decisionComment',
      'stateReason',
    ]),
    ...pick(fresh, ['orderTime', 'submitTime', 'decisionTime', 'createTime', 'updateTime', 'possibleDuplicate', 'source', 'externalId']),
    resubmissionOfId: rejected.id,
    lines,
  };
  return begin(order, 'create', 'OrderCreated', `Corrects ${rejected.number}.`);
}

export const alreadyCorrected = () => failedPrecondition('ALREADY_CORRECTED', 'The rejected order has its corrected copy already.');

const decided = (now: Date): Partial<Order> => ({ decisionTime: now, reviewDueTime: null });

/** Separation of duties: whoever made or handed in an order never decides on it. The state is told first. */
function requireOther(order: Order, move: MoveName, by: string): void {
  requireMove(order, move);
  if (isOwnDecision(order, move, by))
    throw permissionDenied('You made or handed in this order: somebody else has to decide.', 'REVIEWER_IS_CREATOR');
}

export function requireText(text: string | undefined, what: string): string {
  if (text?.trim()) return text;
  throw failedPrecondition('REASON_REQUIRED', `This move needs ${what}.`);
}

const pick = <T, K extends keyof T>(from: T, keys: K[]): Pick<T, K> =>
  Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>;
