import { changed, type Deal, type DealDecision, type Timer } from './deal';
import { stateAfter } from './deal-moves';
import { ended } from './review-deal';

/** When the deal next needs the clock; null when nothing runs. */
export const nextTimer = (deal: Pick<Deal, 'timers'>): Date | null =>
  deal.timers.reduce<Date | null>((first, { at }) => (first === null || at < first ? at : first), null);

// What ends something goes before what only announces it, so that a clock that stood still does not remind of what is over.
const precedence: Timer['kind'][] = ['AUTO_APPROVE', 'PROTECTION_ENDS', 'LAPSE', 'HOLD_ENDS', 'NOTICE', 'REMIND'];

/** The timer to act on now, with those that are due of the same kind swallowed; null when nothing is due. */
export function dueTimer(deal: Pick<Deal, 'timers'>, now: Date): Timer | null {
  const due = deal.timers.filter((timer) => timer.at <= now);
  due.sort((left, right) => precedence.indexOf(left.kind) - precedence.indexOf(right.kind) || right.at.getTime() - left.at.getTime());
  return due[0] ?? null;
}

/** What the clock does to a deal, all timers but AUTO_APPROVE, which needs a conflict check. */
export function fireTimer(deal: Deal, timer: Timer, now: Date): DealDecision {
  const timers = deal.timers.filter((each) => !(each.kind === timer.kind && each.at <= now));
  switch (timer.kind) {
    case 'REMIND':
      return { deal: changed(deal, now, { timers }), move: 'remind', events: [{ type: 'DealAnswerDue', days: timer.days }] };
    case 'NOTICE':
      return { deal: changed(deal, now, { timers }), move: 'notice', events: [{ type: 'DealProtectionEnding', days: timer.days }] };
    case 'LAPSE':
      return lapse(deal, now);
    case 'PROTECTION_ENDS':
      return endProtection(deal, now);
    case 'HOLD_ENDS':
    case 'AUTO_APPROVE':
      return endHold({ ...deal, timers }, now);
  }
}

function lapse(deal: Deal, now: Date): DealDecision {
  const state = stateAfter(deal, 'lapse');
  const after = changed(deal, now, { ...ended(deal, 'NO_RESPONSE', now), state, reason: 'NO_RESPONSE' });
  return { deal: after, move: 'lapse', events: [{ type: 'DealWithdrawn' }], reason: 'NO_RESPONSE' };
}

/** An approved deal expires; a converted one goes on without protection. */
function endProtection(deal: Deal, now: Date): DealDecision {
  const protection = deal.protection?.state === 'ACTIVE' ? { ...deal.protection, state: 'EXPIRED' as const } : deal.protection;
  if (deal.state !== 'APPROVED')
    return { deal: changed(deal, now, { protection, timers: [] }), move: 'expireProtection', events: [{ type: 'DealProtectionChanged' }] };
  const state = stateAfter(deal, 'expire');
  return { deal: changed(deal, now, { state, protection, timers: [], dueTime: null }), move: 'expire', events: [{ type: 'DealExpired' }] };
}

function endHold(deal: Deal, now: Date): DealDecision {
  const protection = deal.protection?.state === 'PROVISIONAL' ? { ...deal.protection, state: 'EXPIRED' as const } : deal.protection;
  return { deal: changed(deal, now, { protection }), move: 'endHold', events: [{ type: 'DealHoldEnded' }] };
}
