import type { Scope } from '@openprm/access';
import { transact, type Command } from '@openprm/postgres';
import { takeNumbers } from '../db/orders';
import type { Deps } from '../deps';
import { correctOrder as correct } from '../domain/desk';
import type { Order } from '../domain/order';
import { requireMove } from '../domain/moves';
import { loadToChange, type MoveInput } from './move-order';
import { storeOrder } from './store';

/** Makes a new draft from a rejected order, once. */
export function correctOrder(deps: Deps, command: Command, scope: Scope, input: MoveInput): Promise<Order> {
  return transact(deps, command, async (tx) => {
    const rejected = await loadToChange(tx, command, scope, input);
    requireMove(rejected, 'correct');
    const [number] = await takeNumbers(tx, 1);
    const making = { id: deps.newId(), number: number!, newId: deps.newId, by: command.principal, now: command.now };
    return storeOrder(tx, deps, command, null, correct(rejected, making));
  });
}
