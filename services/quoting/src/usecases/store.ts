import { aborted, failedPrecondition } from '@openprm/errors';
import { saveDecision, type Actor, type Command, type Tx } from '@openprm/postgres';
import { toQuoteChange } from '../db/quote-rows';
import type { LoadedQuote } from '../db/quotes';
import type { Deps } from '../deps';
import type { Quote, QuoteDecision } from '../domain/quote';
import { quoteEvent } from '../events/to-contract';

/** Why and by whom, for the audit. */
export interface Because {
  move: string;
  actor: Actor;
  now: Date;
  reason?: string | undefined;
  comment?: string | undefined;
  internalNote?: string | undefined;
}

export const by = (command: Command, move: string, texts: Pick<Because, 'reason' | 'comment' | 'internalNote'> = {}): Because => ({
  move,
  actor: command.actor,
  now: command.now,
  ...texts,
});

type Surroundings = Pick<LoadedQuote, 'names' | 'related'>;

/** Stores a changed quote: rows, audit and event. */
export function storeQuote(tx: Tx, deps: Pick<Deps, 'newId'>, loaded: LoadedQuote, decision: QuoteDecision, because: Because): Quote {
  return store(tx, deps, loaded.quote, loaded, decision, because);
}

/** Stores a new quote. */
export function storeNewQuote(
  tx: Tx,
  deps: Pick<Deps, 'newId'>,
  surroundings: Surroundings,
  decision: QuoteDecision,
  because: Because,
): Quote {
  return store(tx, deps, null, surroundings, decision, because);
}

function store(
  tx: Tx,
  deps: Pick<Deps, 'newId'>,
  before: Quote | null,
  { names, related }: Surroundings,
  { quote, event }: QuoteDecision,
  because: Because,
): Quote {
  const { move, actor, now, reason, comment, internalNote } = because;
  const texts = { ...(reason && { reason }), ...(comment && { comment }), ...(internalNote && { internalNote }) };
  saveDecision(tx, {
    changes: [toQuoteChange(quote, related, before?.version ?? null)],
    audit: [
      {
        aggregate: 'quote',
        aggregateId: quote.id,
        version: quote.version,
        at: now,
        move,
        actor,
        fromState: before?.state ?? '',
        toState: quote.state,
        before,
        after: quote,
        ...texts,
      },
    ],
    outbox: [quoteEvent(quote, event, { names, related }, { now, newId: deps.newId })],
    conflicts: {
      quotes_revision: () => aborted(),
      quotes_external_id: () => failedPrecondition('EXTERNAL_ID_TAKEN', 'Another quote has this external id.'),
    },
  });
  return quote;
}
