import { failedPrecondition } from '@openprm/errors';
import { nextBusinessDay } from './business-day';
import { then, type Decision } from './decision';
import type { Facts } from './facts';
import { firstRefusal } from './hard-checks';
import type { OrderLine } from './order';
import { reviewReasons } from './review';
import type { ReviewSettings } from './settings';

export interface Submitting {
  facts: Facts;
  settings: ReviewSettings;
  /** Principal of whoever hands in. */
  by: string;
  confirmDuplicate: boolean;
}

/** Hands in: refused by a hard check; under review when a trigger fires; otherwise approved and on its way at once. */
export function submitOrder(before: Decision, { facts, settings, by, confirmDuplicate }: Submitting, now: Date): Decision {
  const submitted = then(before, 'submit', now, {
    event: 'OrderSubmitted',
    change: {
      submittedBy: by,
      submitTime: now,
      possibleDuplicate: facts.history.equalOrder !== null,
      discountAtLimit: tookWholeDiscount(facts),
    },
  });
  const refusal = firstRefusal(before.order, facts, now);
  if (refusal) throw refusal;
  if (facts.history.equalOrder && !confirmDuplicate) throw duplicateOf(facts.history.equalOrder);
  const reasons = reviewReasons(submitted.order, facts, settings, now);
  if (reasons.length === 0) return startFulfilment(approveByRule(submitted, now), now);
  return then(submitted, 'askForReview', now, {
    event: 'OrderReviewRequested',
    automatic: true,
    reason: reasons.map((each) => each.rule).join(','),
    change: { reviewReasons: reasons, reviewDueTime: nextBusinessDay(now) },
  });
}

const approveByRule = (before: Decision, now: Date): Decision =>
  then(before, 'approveByRule', now, { event: 'OrderApproved', automatic: true, change: { decisionTime: now } });

/** APPROVED to IN_FULFILMENT: the event is what a fulfilment adapter waits for. Lines stay PENDING until it says otherwise. */
export const startFulfilment = (before: Decision, now: Date): Decision =>
  then(before, 'start', now, { event: 'OrderFulfilmentStarted', automatic: true });

/** Only a discount that is allowed at all says something: a limit of nothing is not used up by giving nothing. */
const tookWholeDiscount = ({ quote, partners }: Facts): boolean =>
  (quote?.lines ?? []).some(
    (line) => line.discountBasisPoints > 0 && line.discountBasisPoints >= (partners.get(line.linePartnerId)?.maxDiscountBasisPoints ?? 0),
  );

const duplicateOf = (number: string) =>
  failedPrecondition(
    'DUPLICATE_NEEDS_CONFIRMATION',
    `${number} has the same customer, lines and amount and is less than a day old. Send confirm_duplicate when both are meant.`,
    {
      order: number,
    },
  );

/** Equal for two orders with the same products, quantities and amounts per partner, in whatever order. */
export function fingerprintOf(
  currency: string,
  lines: readonly Pick<OrderLine, 'productId' | 'productName' | 'quantity' | 'linePartnerId' | 'amount'>[],
): string {
  const parts = lines.map((line) => [line.productId ?? line.productName, line.quantity, line.linePartnerId, line.amount.minor].join(':'));
  return [currency, ...parts.sort()].join('|');
}
