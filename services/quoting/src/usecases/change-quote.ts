import { failedPrecondition, permissionDenied } from '@openprm/errors';
import { checkEtag, transact, type Command, type Database, type Tx } from '@openprm/postgres';
import { loadFacts } from '../db/facts';
import { loadQuote, type LoadedQuote, type Reach } from '../db/quotes';
import type { Deps } from '../deps';
import { priceFactsIn, type QuoteFacts } from '../domain/facts';
import { linePartners, type Quote, type QuoteDecision } from '../domain/quote';
import * as life from '../domain/quote-life';
import { by, storeQuote, type Because } from './store';

/** A quote as it is after a command, with what its answer needs. */
export type Changed = LoadedQuote;

export interface Target {
  id: string;
  etag: string;
}

type Rule = (loaded: LoadedQuote, tx: Tx) => QuoteDecision | Promise<QuoteDecision>;

/** One command on one quote: load what the caller may read, check the version, rule, store. */
export function changeQuote(deps: Deps, command: Command, reach: Reach, target: Target, because: Because, rule: Rule): Promise<Changed> {
  return transact(deps, command, async (tx) => {
    const loaded = await loadQuote(tx, reach, target.id);
    checkEtag(loaded.quote, target.etag);
    return { ...loaded, quote: storeQuote(tx, deps, loaded, await rule(loaded, tx), because) };
  });
}

/** Whoever may see a quote need not be one to change it. */
export function requireOwner(reach: Reach, loaded: Pick<LoadedQuote, 'quote' | 'acts' | 'inactive'>): void {
  const { quote, acts } = loaded;
  if (!acts.has(quote.partnerId))
    throw permissionDenied(
      reach.enterprise ? 'The quote belongs to a partner that is not in your charge.' : 'The quote belongs to another partner.',
    );
  requireActive(reach, loaded, quote.partnerId);
}

/** The people of a suspended partner read only; the enterprise may still put its quotes in order. */
export function requireActive(reach: Reach, { inactive }: Pick<LoadedQuote, 'inactive'>, partnerId: string): void {
  if (!reach.enterprise && inactive.has(partnerId))
    throw failedPrecondition('PARTNER_NOT_ACTIVE', 'The partner is not active: its quotes can only be read.');
}

/** A move of the quote's owner that needs nothing but the quote. */
export function moveQuote(
  deps: Deps,
  command: Command,
  reach: Reach,
  target: Target,
  because: Because,
  rule: (quote: Quote) => QuoteDecision,
): Promise<Changed> {
  return changeQuote(deps, command, reach, target, because, (loaded) => {
    requireOwner(reach, loaded);
    return rule(loaded.quote);
  });
}

/** What rules ask about the surroundings of a quote; `more` adds products and partners that are about to come into it. */
export function factsOf(
  on: Database | Tx,
  reach: Reach,
  quote: Quote,
  now: Date,
  more: { productIds?: string[]; partnerIds?: string[] } = {},
): Promise<QuoteFacts> {
  const { currency, customerId, dealId, opportunityId } = quote;
  const productIds = [...new Set([...quote.lines.map((line) => line.productId), ...(more.productIds ?? [])])];
  const partnerIds = [...new Set([quote.partnerId, ...linePartners(quote), ...(more.partnerIds ?? [])])];
  return loadFacts(on, {
    productIds,
    partnerIds,
    currency,
    customerId,
    dealId,
    opportunityId,
    now,
    write: reach.write,
    read: reach.read,
    enterprise: reach.enterprise,
  });
}

/** DRAFT to PRICED. */
export const priceQuote = (deps: Deps, command: Command, reach: Reach, target: Target): Promise<Changed> =>
  changeQuote(deps, command, reach, target, by(command, 'price'), async (loaded, tx) => {
    requireOwner(reach, loaded);
    const facts = await factsOf(tx, reach, loaded.quote, command.now);
    return life.priceQuote(loaded.quote, priceFactsIn(facts, loaded.quote, command.now), command.now);
  });
