import { OrderState, type Order, type OrderSummary } from '@openprm/contracts/order';
import { toGoogleMoney } from '@openprm/money';
import type { Summary } from '../db/summary';

export const toSummaryMessage = (summary: Summary, recent: Order[]): OrderSummary => ({
  states: summary.states.map(({ state, count }) => ({ state: OrderState[state], count: BigInt(count) })),
  sums: summary.sums.map(({ currency, fulfilled, open, orders }) => ({
    currencyCode: currency,
    fulfilled: toGoogleMoney({ minor: fulfilled, currency }),
    open: toGoogleMoney({ minor: open, currency }),
    orderCount: BigInt(orders),
  })),
  months: summary.months.map(({ month, currency, fulfilled, orders }) => ({
    month,
    fulfilled: toGoogleMoney({ minor: fulfilled, currency }),
    orderCount: BigInt(orders),
  })),
  recent,
  recentActivity: summary.activity.map((each) => ({ ...each, toState: OrderState[each.toState] })),
  orderCount: BigInt(summary.states.reduce((sum, { count }) => sum + count, 0)),
});
