import * as contract from '@openprm/contracts/supportcase';
import { toOutboxRow } from '@openprm/messaging';
import type { OutboxRow } from '@openprm/postgres';
import type { CaseView } from '../db/cases';
import type { CaseEvent } from '../domain/case';
import { toCase, toComment } from '../contract/to-message';

/**
 * A domain event as integrators read it: the case as it is now, in the enterprise's view. Its audience is the partner, unless the case
 * or the comment is kept from it.
 */
export function caseEvent(view: CaseView, event: CaseEvent, now: Date, newId: () => string): OutboxRow {
  const message = { case: toCase(view) };
  const partnerHears = view.case.partnerSees && !(event.type === 'CaseCommented' && event.comment.stream === 'INTERNAL');
  const options = { audience: partnerHears ? [view.case.partnerId] : [], now, newId };
  switch (event.type) {
    case 'CaseCommented':
      return toOutboxRow(contract.CaseCommented, { ...message, comment: toComment(event.comment) }, options);
    case 'CaseClockNoted':
      return toOutboxRow(
        contract.CaseClockNoted,
        { ...message, clock: contract.ClockKind[event.clock], percent: event.percent, notifyPersonId: event.notifyPersonId ?? '' },
        options,
      );
    case 'CaseBreachExcused':
      return toOutboxRow(contract.CaseBreachExcused, { ...message, clock: contract.ClockKind[event.clock] }, { ...options, audience: [] });
    default:
      return toOutboxRow(contract[event.type], message, options);
  }
}
