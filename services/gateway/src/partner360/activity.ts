import type { DealSummary, OpportunitySummary } from '@openprm/contracts/dealregistration';
import type { PartnerActivity, RecentActivitySection } from '@openprm/contracts/gateway';
import type { OrderSummary } from '@openprm/contracts/order';
import type { QuoteSummary } from '@openprm/contracts/quoting';
import type { CaseSummary } from '@openprm/contracts/supportcase';
import { worstOf, type Section } from './section';

interface Sources {
  deals: Section<DealSummary>;
  opportunities: Section<OpportunitySummary>;
  quotes: Section<QuoteSummary>;
  orders: Section<OrderSummary>;
  cases: Section<CaseSummary>;
}

const MOST = 20;

/** The newest happenings of all sections that could be read, newest first. */
export function toRecentActivity(sources: Sources, now: number): RecentActivitySection {
  const { deals, opportunities, quotes, orders, cases } = sources;
  const entries: PartnerActivity[] = [
    ...(deals.content?.recentActivity ?? []).map((each) => ({ ...each, kind: 'DEAL' })),
    ...(opportunities.content?.recentActivity ?? []).map((each) => ({ ...each, kind: 'OPPORTUNITY' })),
    ...(quotes.content?.recentActivity ?? []).map((each) => ({ ...each, kind: 'QUOTE', recordId: each.quoteId, title: '' })),
    ...(orders.content?.recentActivity ?? []).map((each) => ({
      ...each,
      kind: 'ORDER',
      recordId: each.orderId,
      title: each.customerName,
      toState: each.toState,
    })),
    ...(cases.content?.recentActivity ?? []).map((each) => ({ ...each, kind: 'CASE', recordId: each.caseId, title: each.subject })),
  ].map(({ time, kind, recordId, number, title, move, toState }) => ({
    time,
    kind,
    recordId,
    number,
    title,
    move,
    toState: shortState(toState),
  }));
  entries.sort((a, b) => (b.time?.getTime() ?? 0) - (a.time?.getTime() ?? 0));
  return { status: worstOf({ deals, opportunities, quotes, orders, cases }, now), entries: entries.slice(0, MOST) };
}

/** Some services name the state as in the contract's enum, some by its short word: `ORDER_STATE_APPROVED` -> `APPROVED`. */
function shortState(state: string): string {
  return state.replace(/^[A-Z]+_(STATE|STAGE)_/, '');
}
