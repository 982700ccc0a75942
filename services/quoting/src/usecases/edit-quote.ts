import { invalid, permissionDenied } from '@openprm/errors';
import { nextState } from '@openprm/moves';
import type { Command } from '@openprm/postgres';
import type { LoadedQuote, Reach } from '../db/quotes';
import type { Deps } from '../deps';
import { replaceLines, writeLine, type LineInput, type QuoteLine } from '../domain/line';
import type { QuoteHeader } from '../domain/quote';
import * as life from '../domain/quote-life';
import { quoteMoves } from '../domain/quote-moves';
import { changeQuote, factsOf, requireActive, requireOwner, type Changed, type Target } from './change-quote';
import { lineContext } from './line-context';
import { by } from './store';

/** Changes header and, when given, all lines. */
export const editQuote = (
  deps: Deps,
  command: Command,
  reach: Reach,
  target: Target,
  header: Partial<QuoteHeader>,
  inputs: LineInput[] | null,
): Promise<Changed> =>
  changeQuote(deps, command, reach, target, by(command, 'edit'), async (loaded, tx) => {
    requireOwner(reach, loaded);
    nextState(quoteMoves, 'edit', loaded.quote.state);
    if (!inputs) return life.editQuote(loaded.quote, header, loaded.quote.lines, command.now);
    const more = {
      productIds: inputs.flatMap((line) => line.productId ?? []),
      partnerIds: inputs.flatMap((line) => line.linePartnerId ?? []),
    };
    const facts = await factsOf(tx, reach, loaded.quote, command.now, more);
    const lines = replaceLines(loaded.quote.lines, inputs, lineContext(facts, loaded.quote.partnerId, reach, deps.newId));
    return life.editQuote(loaded.quote, header, lines, command.now);
  });

/** Changes one line: the owner any, a line partner its own. */
export const editLine = (deps: Deps, command: Command, reach: Reach, target: Target, input: LineInput): Promise<Changed> =>
  changeQuote(deps, command, reach, target, by(command, 'editLine'), async (loaded, tx) => {
    nextState(quoteMoves, 'edit', loaded.quote.state);
    const before = loaded.quote.lines.find((line) => line.id === input.id);
    if (!before) throw invalid('line.id', 'is not a line of this quote.', 'UNKNOWN_LINE');
    const owner = loaded.acts.has(loaded.quote.partnerId);
    if (owner) requireOwner(reach, loaded);
    else checkOwnLine(reach, loaded, before, input);
    const facts = await factsOf(tx, reach, loaded.quote, command.now, { partnerIds: input.linePartnerId ? [input.linePartnerId] : [] });
    const written = writeLine(before, input, lineContext(facts, loaded.quote.partnerId, reach, deps.newId));
    // A partner that changes its own line agrees to it.
    const line: QuoteLine = owner ? written : { ...written, confirmation: 'CONFIRMED' };
    return life.editQuote(
      loaded.quote,
      {},
      loaded.quote.lines.map((each) => (each === before ? line : each)),
      command.now,
    );
  });

function checkOwnLine(reach: Reach, loaded: LoadedQuote, before: QuoteLine, input: LineInput): void {
  if (!loaded.acts.has(before.linePartnerId)) throw permissionDenied('The line belongs to another partner.', 'NOT_YOUR_LINE');
  if (input.linePartnerId !== undefined && input.linePartnerId !== before.linePartnerId)
    throw permissionDenied("Whose line it is is for the quote's owner to say.", 'NOT_YOUR_LINE');
  requireActive(reach, loaded, before.linePartnerId);
}
