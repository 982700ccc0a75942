import type { Scope } from '@openprm/access';
import { failedPrecondition, invalid } from '@openprm/errors';
import type { Command } from '@openprm/postgres';
import { findQuotes } from '../db/facts';
import type { Deps } from '../deps';
import { linkOrder as link } from '../domain/edit';
import type { Order } from '../domain/order';
import { moveOrder, type MoveInput } from './move-order';

export interface LinkInput extends MoveInput {
  quoteId: string;
  opportunityId: string;
  dealId: string;
}

/** Connects an order from outside with what it belongs to. */
export async function linkOrder(deps: Deps, command: Command, scope: Scope, input: LinkInput): Promise<Order> {
  if (!input.quoteId && !input.opportunityId && !input.dealId)
    throw invalid('opportunity_id', 'name a quote, an opportunity or a deal.', 'REQUIRED');
  return moveOrder(deps, command, scope, input, async (order, tx) => {
    const quote = input.quoteId ? (await findQuotes(tx, [input.quoteId])).get(input.quoteId) : null;
    if (quote === undefined) throw failedPrecondition('UNKNOWN_QUOTE', 'No such quote is known here yet.');
    return link(order, { quote, opportunityId: input.opportunityId || null, dealId: input.dealId || null }, command.now);
  });
}
