import * as contract from '@openprm/contracts/order';
import { toOutboxRow } from '@openprm/messaging';
import type { OutboxRow } from '@openprm/postgres';
import { toOrder } from '../contract/to-message';
import type { Step } from '../domain/decision';
import { partnersOf } from '../domain/lines';

interface Making {
  now: Date;
  newId: () => string;
}

/** A step as integrators read it: the order as it was after it, in the enterprise's view. */
export function orderEvent({ event, order, lineId }: Step, making: Making): OutboxRow {
  const options = { audience: partnersOf(order), ...making };
  const message = { order: toOrder(order) };
  if (event === 'OrderLineStarted' || event === 'OrderLineBackordered' || event === 'OrderLineFulfilled') {
    return toOutboxRow(contract[event], { ...message, lineId: lineId ?? '' }, options);
  }
  return toOutboxRow(contract[event], message, options);
}
