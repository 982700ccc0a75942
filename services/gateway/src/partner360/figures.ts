import type { DealSummary, OpportunitySummary } from '@openprm/contracts/dealregistration';
import type { CurrencyFigures, KeyFiguresSection } from '@openprm/contracts/gateway';
import type { QuoteSummary } from '@openprm/contracts/quoting';
import { worstOf, type Section } from './section';

interface Sources {
  deals: Section<DealSummary>;
  opportunities: Section<OpportunitySummary>;
  quotes: Section<QuoteSummary>;
}

/** Key figures from what could be read; a figure whose source is missing is absent, never zero. */
export function toKeyFigures(sources: Sources, now: number): KeyFiguresSection {
  const deals = sources.deals.content;
  const opportunities = sources.opportunities.content;
  return {
    status: worstOf({ deals: sources.deals, opportunities: sources.opportunities, quotes: sources.quotes }, now),
    currencies: toCurrencies(opportunities, sources.quotes.content),
    ...(deals?.decided && { hitRate: deals.hitRate, medianDecisionSeconds: deals.medianDecisionSeconds }),
    ...(opportunities && opportunities.won + opportunities.lost > 0 && { winRate: opportunities.winRate }),
  };
}

function toCurrencies(opportunities: OpportunitySummary | undefined, quotes: QuoteSummary | undefined): CurrencyFigures[] {
  const figures = new Map<string, CurrencyFigures>();
  const of = (currencyCode: string) => figures.get(currencyCode) ?? figures.set(currencyCode, { currencyCode }).get(currencyCode)!;
  for (const money of opportunities?.wonRevenue ?? []) of(money.currencyCode).wonRevenue = money;
  for (const money of opportunities?.openPipeline ?? []) of(money.currencyCode).openPipeline = money;
  for (const sum of quotes?.sums ?? []) {
    if (sum.wonCount > 0n) of(sum.currency).averageDiscountBasisPoints = sum.averageDiscountBasisPoints;
  }
  if (opportunities) for (const each of figures.values()) fillZero(each);
  return [...figures.values()].sort((a, b) => (a.currencyCode < b.currencyCode ? -1 : 1));
}

/** Known and nothing there is zero; only unknown is absent. */
function fillZero(figures: CurrencyFigures): void {
  const zero = { currencyCode: figures.currencyCode, units: 0n, nanos: 0 };
  figures.wonRevenue ??= zero;
  figures.openPipeline ??= zero;
}
