import { invalid, permissionDenied } from '@openprm/errors';
import type { Command } from '@openprm/postgres';
import type { LoadedQuote, Reach } from '../db/quotes';
import type { Deps } from '../deps';
import * as rules from '../domain/co-sell';
import type { LineConfirmation } from '../domain/line';
import { linePartners } from '../domain/quote';
import { changeQuote, requireActive, type Changed, type Target } from './change-quote';
import { by } from './store';

/** A line partner agrees to its lines or refuses them. */
export const answerLines = (
  deps: Deps,
  command: Command,
  reach: Reach,
  target: Target,
  partnerId: string,
  answer: Extract<LineConfirmation, 'CONFIRMED' | 'REFUSED'>,
  comment: string,
): Promise<Changed> =>
  changeQuote(deps, command, reach, target, by(command, answer === 'CONFIRMED' ? 'confirmLines' : 'refuseLines', { comment }), (loaded) => {
    const answering = answeringPartner(reach, loaded, partnerId);
    requireActive(reach, loaded, answering);
    return rules.answerLines(loaded.quote, answering, answer, comment, command.now);
  });

/** The partner for which the caller answers: the one named, else the only one it can be. */
function answeringPartner(reach: Reach, { quote, acts }: LoadedQuote, named: string): string {
  const candidates = linePartners(quote).filter((id) => id !== quote.partnerId && (reach.enterprise || acts.has(id)));
  if (named) {
    if (!candidates.includes(named)) throw permissionDenied('These lines belong to another partner.', 'NOT_YOUR_LINE');
    return named;
  }
  if (candidates.length === 0) throw permissionDenied('You have no lines to answer for on this quote.', 'NOT_YOUR_LINE');
  if (candidates.length > 1) throw invalid('partner_id', 'name the partner for which you answer.', 'REQUIRED');
  return candidates[0]!;
}

/** Shows the price of a line to the other partners of the quote, or hides it again. */
export const shareLine = (deps: Deps, command: Command, reach: Reach, target: Target, lineId: string, shared: boolean): Promise<Changed> =>
  changeQuote(deps, command, reach, target, by(command, 'shareLine'), ({ quote, acts, inactive }) =>
    rules.shareLine(
      quote,
      lineId,
      shared,
      (partnerId) => reach.enterprise || (acts.has(partnerId) && !inactive.has(partnerId)),
      command.now,
    ),
  );
