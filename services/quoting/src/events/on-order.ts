import { SYSTEM } from '@openprm/access';
import type { Order } from '@openprm/contracts/order';
import type { Tx } from '@openprm/postgres';
import { findQuote } from '../db/quotes';
import type { Deps } from '../deps';
import { orderQuote } from '../domain/quote-life';
import { storeQuote } from '../usecases/store';

/** The first order made from an accepted quote ends its life; whatever comes later finds it ORDERED. */
export async function onOrder(tx: Tx, deps: Deps, order: Order, now: Date): Promise<void> {
  if (!order.quoteId) return;
  const loaded = await findQuote(tx, order.quoteId);
  if (loaded?.quote.state !== 'ACCEPTED') return;
  storeQuote(tx, deps, loaded, orderQuote(loaded.quote, order.id, now), { move: 'order', actor: SYSTEM, now });
}
