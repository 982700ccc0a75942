import type { Scope } from '@openprm/access';
import { checkEtag, transact, type Command, type Tx } from '@openprm/postgres';
import { loadOwnOrder } from '../db/orders';
import { loadFacts } from '../db/facts';
import type { Deps } from '../deps';
import type { Decision } from '../domain/decision';
import type { Order } from '../domain/order';
import { requireMove } from '../domain/moves';
import { submitOrder as submit } from '../domain/submit';
import { storeOrder } from './store';

export interface MoveInput {
  id: string;
  etag: string;
}

type Rule = (order: Order, tx: Tx) => Decision | Promise<Decision>;

/** Makes one move on an order whose placing partner is in scope. Two statements for every rule that needs nothing but the order. */
export function moveOrder(deps: Deps, command: Command, scope: Scope, { id, etag }: MoveInput, rule: Rule): Promise<Order> {
  return transact(deps, command, async (tx) => {
    const order = await loadOwnOrder(tx, scope, id);
    checkEtag(order, etag);
    return storeOrder(tx, deps, command, order, await rule(order, tx));
  });
}

/** Hands in; what the rules ask is looked up in one further statement. */
export function submitOrder(deps: Deps, command: Command, scope: Scope, input: MoveInput & { confirmDuplicate: boolean }): Promise<Order> {
  return moveOrder(deps, command, scope, input, async (order, tx) => {
    requireMove(order, 'submit');
    const [facts] = await loadFacts(tx, [{ order, principal: command.principal }], command.now);
    return submit(
      { order, steps: [] },
      { facts: facts!, settings: deps.settings, by: command.principal, confirmDuplicate: input.confirmDuplicate },
      command.now,
    );
  });
}
