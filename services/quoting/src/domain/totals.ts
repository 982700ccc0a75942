import { money, shareInBasisPoints, subtract, sum, type Money } from '@openprm/money';
import type { QuoteLine } from './line';

/** Sums over lines; `cost` and `margin` are null when the cost of a line is not known. */
export interface Totals {
  list: Money;
  net: Money;
  discountBps: number;
  cost: Money | null;
  margin: Money | null;
  marginBps: number;
}

/** Sums of rounded lines; null until every line is priced. */
export function totalsOf(lines: readonly QuoteLine[], currency: string): Totals | null {
  if (lines.length === 0 || lines.some((line) => line.priced === null)) return null;
  const priced = lines.map((line) => line.priced!);
  const add = (amounts: bigint[]): Money =>
    sum(
      amounts.map((minor) => money(minor, currency)),
      currency,
    );
  const costs = priced.map((line) => line.costAmount);
  const cost = costs.includes(null) ? null : add(costs as bigint[]);
  return toTotals(add(priced.map((line) => line.listAmount)), add(priced.map((line) => line.netAmount)), cost);
}

export function toTotals(list: Money, net: Money, cost: Money | null): Totals {
  const margin = cost && subtract(net, cost);
  return {
    list,
    net,
    discountBps: shareInBasisPoints(subtract(list, net), list),
    cost,
    margin,
    marginBps: margin ? shareInBasisPoints(margin, net) : 0,
  };
}

/** Totals per line partner, in order of first line. */
export function partnerTotalsOf(lines: readonly QuoteLine[], currency: string): Map<string, Totals> {
  const totals = new Map<string, Totals>();
  for (const [partnerId, own] of Map.groupBy(lines, (line) => line.linePartnerId)) {
    const sums = totalsOf(own, currency);
    if (sums) totals.set(partnerId, sums);
  }
  return totals;
}
