import { checkEtag, transact, type Command } from '@openprm/postgres';
import { loadQuote, type Reach } from '../db/quotes';
import type { Deps } from '../deps';
import { termsOf } from '../domain/facts';
import * as life from '../domain/quote-life';
import { factsOf, requireOwner, type Changed, type Target } from './change-quote';
import { by, storeNewQuote, storeQuote } from './store';

/** Begins a new version; the old one is superseded in the same transaction, so there is one active version. */
export function reviseQuote(deps: Deps, command: Command, reach: Reach, target: Target): Promise<Changed> {
  return transact(deps, command, async (tx) => {
    const loaded = await loadQuote(tx, reach, target.id);
    checkEtag(loaded.quote, target.etag);
    requireOwner(reach, loaded);
    const facts = await factsOf(tx, reach, loaded.quote, command.now);
    const { old, next } = life.reviseQuote(loaded.quote, termsOf(facts, loaded.quote.partnerId).validityDays, deps.newId, command.now);
    storeQuote(tx, deps, loaded, old, by(command, 'revise'));
    return { ...loaded, quote: storeNewQuote(tx, deps, loaded, next, by(command, 'revise')) };
  });
}
