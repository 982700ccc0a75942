import type { Scope } from '@openprm/access';
import { failedPrecondition } from '@openprm/errors';
import { transact, type Command, type Tx } from '@openprm/postgres';
import { findBeginnings, loadFacts } from '../db/facts';
import { numberOf } from '../db/orders';
import type { Deps } from '../deps';
import type { Decision } from '../domain/decision';
import { partnerNotActive, quoteNotAccepted } from '../domain/hard-checks';
import { createFromQuote, type Person } from '../domain/new-order';
import type { Order, ShipTo } from '../domain/order';
import { submitOrder } from '../domain/submit';
import { storeOrder } from './store';

export interface CreateOrderInput {
  quoteId: string;
  shipTo: ShipTo | null;
  purchaseOrderNumber: string;
  note: string;
  submit: boolean;
  confirmDuplicate: boolean;
  /** The caller when somebody of the partner, who is then in charge unless the deal names somebody. */
  person: Person | null;
}

/** Makes the order of an accepted quote. `scope` is where the caller may order; a quote outside is as unknown as none. */
export function createOrder(deps: Deps, command: Command, scope: Scope, input: CreateOrderInput): Promise<Order> {
  return transact(deps, command, async (tx) => {
    const found = await findBeginnings(tx, input.quoteId, scope);
    if (!found) throw quoteNotAccepted();
    const { quote, customer, partners } = found;
    if (!customer)
      throw failedPrecondition('UNKNOWN_CUSTOMER', 'The end customer of the quote is not known here yet: try again in a second.');
    if (partners.get(quote.partnerId)?.state !== 'ACTIVE') throw partnerNotActive(partners.get(quote.partnerId)?.name ?? 'The partner');
    const nameOf = (id: string): string => partners.get(id)?.name ?? '';
    const created = createFromQuote(
      {
        ...input,
        quote,
        customer,
        partnerName: nameOf(quote.partnerId),
        nameOfPartner: nameOf,
        owner: found.owner ?? input.person,
        equalOrder: null,
      },
      { id: deps.newId(), number: numberOf(found.number), newId: deps.newId, by: command.principal, now: command.now },
    );
    return storeOrder(
      tx,
      deps,
      command,
      null,
      input.submit ? await submitted(tx, deps, command, created, input.confirmDuplicate) : created,
    );
  });
}

async function submitted(tx: Tx, deps: Deps, command: Command, created: Decision, confirmDuplicate: boolean): Promise<Decision> {
  const [facts] = await loadFacts(tx, [{ order: created.order, principal: command.principal }], command.now);
  return submitOrder(created, { facts: facts!, settings: deps.settings, by: command.principal, confirmDuplicate }, command.now);
}
