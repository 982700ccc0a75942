import type { Scope } from '@openprm/access';
import { checkEtag, transact, type Command, type Tx } from '@openprm/postgres';
import { loadOwnOrder } from '../db/orders';
import { loadFacts } from '../db/facts';
import type { Deps } from '../deps';
import type { Decision } from '../domain/decision';
import type { Order } from '../domain/order';
import { partnerNotActive } from '../domain/hard-checks';
import { requireMove } from '../domain/moves';
import { submitOrder as submit } from '../domain/submit';
import { storeOrder } from './store';

export interface MoveInput {
  id: string;
  etag: string;
}

type Rule = (order: Order, tx: Tx) => Decision | Promise<Decision>;

/** The order in the version the caller saw. People of a suspended or ended partner read only; the enterprise goes on. */
export async function loadToChange(tx: Tx, command: Command, scope: Scope, { id, etag }: MoveInput): Promise<Order> {
  const { order, partnerIsActive } = await loadOwnOrder(tx, scope, id);
  checkEtag(order, etag);
  if (command.actor.side === 'PARTNER' && !partnerIsActive) throw partnerNotActive(order.partnerName);
  return order;
}

/** Makes one move on an order whose placing partner is in scope. Two statements for every rule that needs nothing but the order. */
export function moveOrder(deps: Deps, command: Command, scope: Scope, input: MoveInput, rule: Rule): Promise<Order> {
  return transact(deps, command, async (tx) => {
    const order = await loadToChange(tx, command, scope, input);
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
