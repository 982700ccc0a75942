import { failedPrecondition, invalid, permissionDenied } from '@openprm/errors';
import type { LineConfirmation, QuoteLine } from './line';
import { changed, type Quote, type QuoteDecision } from './quote';

/** A line partner's answer to the lines it was given. Allowed while the quote is being written; amounts stay. */
export function answerLines(
  quote: Quote,
  partnerId: string,
  answer: Extract<LineConfirmation, 'CONFIRMED' | 'REFUSED'>,
  comment: string,
  now: Date,
): QuoteDecision {
  if (quote.state !== 'DRAFT' && quote.state !== 'PRICED') {
    throw failedPrecondition('ILLEGAL_MOVE', `Lines are confirmed or refused before the quote is submitted; it is ${quote.state}.`, {
      state: quote.state,
      moves: '',
    });
  }
  if (partnerId === quote.partnerId || !quote.lines.some((line) => line.linePartnerId === partnerId)) {
    throw invalid('partner_id', 'has no lines to confirm on this quote.', 'NOT_YOUR_LINE');
  }
  const lines = quote.lines.map((line) => (line.linePartnerId === partnerId ? { ...line, confirmation: answer } : line));
  const stateComment = answer === 'REFUSED' ? comment : quote.stateComment;
  return {
    quote: changed(quote, { lines, stateComment }, now),
    event: { type: answer === 'CONFIRMED' ? 'QuoteLinesConfirmed' : 'QuoteLinesRefused' },
  };
}

/** Lets the other partners of the quote see the price of a line, or no longer. The line's partner decides, in any state but the last ones. */
export function shareLine(
  quote: Quote,
  lineId: string,
  shared: boolean,
  actsFor: (partnerId: string) => boolean,
  now: Date,
): QuoteDecision {
  const line = quote.lines.find((each) => each.id === lineId);
  if (!line) throw invalid('line_id', 'is not a line of this quote.', 'UNKNOWN_LINE');
  if (!actsFor(line.linePartnerId))
    throw permissionDenied('Whether the price of a line is shared is for its partner to say.', 'NOT_YOUR_LINE');
  const lines: QuoteLine[] = quote.lines.map((each) => (each === line ? { ...each, shared } : each));
  return { quote: changed(quote, { lines }, now), event: { type: 'QuoteLineShared' } };
}
