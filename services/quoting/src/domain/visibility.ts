import type { ApprovalReasonCode, ApprovalStep } from './approval';
import type { QuoteLine } from './line';
import { linePartners, type Quote } from './quote';
import { partnerTotalsOf, totalsOf, type Totals } from './totals';

/** Who looks at a quote. The enterprise sees everything; a partner what the rules of co-selling leave it. */
export interface Viewer {
  enterprise: boolean;
  /** Organisations among the quote's partners for which the caller may read. */
  sees: ReadonlySet<string>;
}

/** The enterprise's own view, as events carry it. */
export const ENTERPRISE: Viewer = { enterprise: true, sees: new Set() };

/**
 * How much of a line somebody sees: everything with cost; everything but cost; product, quantity, partner and answer; product and
 * quantity.
 */
export type LineSight = 'COST' | 'PRICE' | 'PARTNER' | 'PRODUCT';

/** A line's partner sees its price, others only when it is shared. The quote's owner knows whom it asked and what they answered. */
export function sightOf(line: QuoteLine, quote: Pick<Quote, 'partnerId'>, viewer: Viewer): LineSight {
  if (viewer.enterprise) return 'COST';
  if (viewer.sees.has(line.linePartnerId) || line.shared) return 'PRICE';
  return viewer.sees.has(quote.partnerId) ? 'PARTNER' : 'PRODUCT';
}

export const seesPrice = (line: QuoteLine, quote: Pick<Quote, 'partnerId'>, viewer: Viewer): boolean =>
  ['COST', 'PRICE'].includes(sightOf(line, quote, viewer));

export interface VisibleTotals {
  /** Null while not priced, and when a line's price is hidden: the rest could be worked out from it. */
  whole: Totals | null;
  partners: Map<string, Totals>;
}

export function visibleTotals(quote: Quote, viewer: Viewer): VisibleTotals {
  const hidden = new Set(quote.lines.filter((line) => !seesPrice(line, quote, viewer)).map((line) => line.linePartnerId));
  const partners = [...partnerTotalsOf(quote.lines, quote.currency)].filter(([partnerId]) => !hidden.has(partnerId));
  return { whole: hidden.size > 0 ? null : totalsOf(quote.lines, quote.currency), partners: new Map(partners) };
}

// The margin is the enterprise's business, and a limit on the whole tells about lines that may be hidden.
const ENTERPRISE_REASONS: ApprovalReasonCode[] = ['MARGIN_UNDER_FLOOR'];
const WHOLE_QUOTE_REASONS: ApprovalReasonCode[] = ['TOTAL_DISCOUNT', 'TOTAL_OVER_LIMIT'];

/** Steps as somebody sees them: no names of enterprise people for partners, no reasons that give hidden prices away. */
export function visibleSteps(quote: Quote, viewer: Viewer, steps: readonly ApprovalStep[] = quote.steps): ApprovalStep[] {
  if (viewer.enterprise) return [...steps];
  const visible = new Set(quote.lines.filter((line) => seesPrice(line, quote, viewer)).map((line) => line.id));
  const whole = visible.size === quote.lines.length;
  return steps.map((step) => ({
    ...step,
    decidedBy: null,
    decidedByName: '',
    reasons: step.reasons.filter((reason) => {
      if (ENTERPRISE_REASONS.includes(reason.code)) return false;
      if (WHOLE_QUOTE_REASONS.includes(reason.code)) return whole;
      return reason.lineId === null || visible.has(reason.lineId);
    }),
  }));
}

/** Organisations that may hear of a quote: its owner, its line partners, and related partners of the opportunity with access. */
export const partiesOf = (quote: Quote, related: readonly string[]): string[] => [
  ...new Set([quote.partnerId, ...linePartners(quote), ...related]),
];
