import type { Quote as QuoteMessage } from '@openprm/contracts/quoting';
import { add, type Money } from '@openprm/money';
import type { ListedQuote, PartnerSum } from '../db/list-quotes';
import { toTotals as sumUp, type Totals } from '../domain/totals';
import { toGroup, toHeader, toPartnerTotals, toTotals } from './to-message';

/** A quote in a list: no lines, and sums as far as the viewer may know every price in them. */
export function toListedQuote({ quote, names, lineCount, awaiting, partners }: ListedQuote, enterprise: boolean): QuoteMessage {
  const viewer = { enterprise, sees: new Set<string>() };
  const visible = partners.filter((each) => enterprise || each.sees || !each.hidden);
  const whole = visible.length === partners.length ? wholeOf(partners) : null;
  return {
    ...toHeader(quote, names, viewer),
    lines: [],
    lineCount,
    totals: whole ? toTotals(whole, viewer) : undefined,
    partnerTotals: visible.flatMap((each) => (each.totals ? [toPartnerTotals(each.partnerId, each.totals, names, viewer)] : [])),
    approvalSteps: [],
    awaitingApprovalBy: toGroup(awaiting),
  };
}

function wholeOf(partners: PartnerSum[]): Totals | null {
  const totals = partners.map((each) => each.totals);
  const first = totals[0];
  if (!first || totals.includes(null)) return null;
  return (totals.slice(1) as Totals[]).reduce(
    (sum, each) => sumUp(add(sum.list, each.list), add(sum.net, each.net), addKnown(sum.cost, each.cost)),
    first,
  );
}

const addKnown = (left: Money | null, right: Money | null): Money | null => (left && right ? add(left, right) : null);
