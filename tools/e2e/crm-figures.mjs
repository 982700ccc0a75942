// The same figures as crm-truth.mjs, as the platform tells them: in Partner 360, in its lists, and in its order events.
import { listAll } from './list-all.mjs';

/** Whole dollars and cents as a number; other currencies are a mistake here. */
export function dollars(money) {
  if (!money) return 0;
  if (money.currencyCode !== 'USD') throw new Error(`an amount in ${money.currencyCode}`);
  return Number(money.units ?? 0) + Number(money.nanos ?? 0) / 1e9;
}

const sum = (list, amountOf) => list.reduce((total, each) => total + dollars(amountOf(each)), 0);
const only = (list, field, suffix) => list.filter((each) => String(each[field]).endsWith(suffix));

export function figuresOfView({ deals, opportunities, quotes, orders, keyFigures }) {
  for (const [name, { status }] of Object.entries({ deals, opportunities, quotes, orders, keyFigures })) {
    if (status.state !== 'SECTION_STATE_OK') throw new Error(`section ${name} is ${status.state}`);
  }
  const { summary: opportunity } = opportunities;
  const figures = {
    deals: deals.summary.total ?? 0,
    drafts: only(deals.summary.states ?? [], 'state', '_DRAFT')[0]?.count ?? 0,
    opportunities: opportunity.total ?? 0,
    won: opportunity.won ?? 0,
    lost: opportunity.lost ?? 0,
    open: opportunity.open ?? 0,
    wonSum: sum(opportunity.wonRevenue ?? [], (money) => money),
    lostSum: sum(
      only(opportunity.stages ?? [], 'stage', 'CLOSED_LOST').flatMap(({ amounts }) => amounts),
      (money) => money,
    ),
    openSum: sum(opportunity.openPipeline ?? [], (money) => money),
    orders: Number(only(orders.summary.states ?? [], 'state', '_STATE_FULFILLED')[0]?.count ?? 0),
    orderSum: sum(orders.summary.sums ?? [], ({ fulfilled }) => fulfilled),
  };
  const again = {
    quotes: sum(quotes.summary.sums ?? [], ({ wonAmount }) => wonAmount),
    wonRevenue: sum(keyFigures.currencies ?? [], ({ wonRevenue }) => wonRevenue),
    orders: Number(orders.summary.orderCount ?? 0),
  };
  if (again.quotes !== figures.wonSum || again.wonRevenue !== figures.wonSum || again.orders !== figures.orders) {
    throw new Error(`sections disagree: ${JSON.stringify({ figures, again })}`);
  }
  return figures;
}

/** @param {string} filter such as `partnerId=…&includeDescendants=true` or `ownerPersonId=…` */
export async function figuresOfLists(person, filter) {
  const [deals, opportunities, orders] = await Promise.all(
    ['deals', 'opportunities', 'orders'].map((name) => listAll(person, `${name}?${filter}`, name)),
  );
  const [won, lost, open] = ['_CLOSED_WON', '_CLOSED_LOST', '_DEVELOP'].map((stage) => only(opportunities, 'stage', stage));
  const fulfilled = only(orders, 'state', '_STATE_FULFILLED');
  return {
    deals: deals.length,
    drafts: only(deals, 'state', '_DRAFT').length,
    opportunities: opportunities.length,
    won: won.length,
    lost: lost.length,
    open: open.length,
    wonSum: sum(won, ({ amount }) => amount),
    lostSum: sum(lost, ({ amount }) => amount),
    openSum: sum(open, ({ amount }) => amount),
    orders: fulfilled.length,
    orderSum: sum(fulfilled, ({ fulfilledTotal }) => fulfilledTotal),
  };
}

/** Orders by their newest event; each has been imported once. */
export function ordersOfEvents(messages) {
  const orders = new Map();
  const imported = new Map();
  for (const { headers, value } of messages) {
    orders.set(value.order.id, value.order);
    if (headers.ce_type.endsWith('OrderImported'))
      imported.set(value.order.id, new Set([...(imported.get(value.order.id) ?? []), headers.ce_id]));
  }
  const twice = [...imported.values()].filter((ids) => ids.size > 1);
  if (twice.length > 0) throw new Error(`${twice.length} orders were imported more than once`);
  return [...orders.values()];
}

export function figuresOfOrders(orders) {
  const fulfilled = only(orders, 'state', '_STATE_FULFILLED');
  return { orders: fulfilled.length, orderSum: sum(fulfilled, ({ fulfilledTotal }) => fulfilledTotal) };
}
