import { compare, toDecimal, type Money } from '@openprm/money';
import type { Facts } from './facts';
import { totalOf } from './lines';
import type { Order, ReviewReason } from './order';
import { tierLimitOf, type ReviewSettings } from './settings';

interface Asked {
  order: Order;
  total: Money;
  limit: Money;
  facts: Facts;
  settings: ReviewSettings;
  now: Date;
}

/** Answers with a sentence for the reviewer when a person should look at the order. */
type Trigger = (asked: Asked) => string | null;

const firstOrders: Trigger = ({ facts, settings }) =>
  facts.history.ordersOfPartner < settings.firstOrders
    ? `Order ${facts.history.ordersOfPartner + 1} of the partner; the first ${settings.firstOrders} are looked at.`
    : null;

const amountOverTierLimit: Trigger = ({ total, limit }) => {
  if (total.currency !== limit.currency)
    return `The order is in ${total.currency}, its limit in ${limit.currency}: it cannot be compared by rule.`;
  return compare(total, limit) > 0 ? `${formatAmount(total)} is over the tier's limit of ${formatAmount(limit)}.` : null;
};

const amountOverMedian: Trigger = ({ total, facts, settings }) => {
  const median = medianOf(facts.history.recentTotals);
  if (median === null || total.minor <= median * settings.medianFactor) return null;
  return `${formatAmount(total)} is more than ${settings.medianFactor} times the six-month median of ${formatAmount({ minor: median, currency: total.currency })}.`;
};

const newCustomerUnproven: Trigger = ({ facts: { customer, history }, settings }) => {
  if (!customer || history.ordersOfCustomer > 0) return null;
  if (settings.freeMailDomains.has(customer.mailDomain)) return `New customer whose contact uses ${customer.mailDomain}.`;
  return customer.taxId ? null : 'New customer without a tax id.';
};

const shipToDiffers: Trigger = ({ order, facts: { customer }, settings }) => {
  const { country } = order.shipTo;
  if (settings.watchedCountries.includes(country)) return `Delivery to ${country}, which is on the watch list.`;
  return customer && customer.country && country !== customer.country
    ? `Delivery to ${country}, the customer is in ${customer.country}.`
    : null;
};

const customerIsPartner: Trigger = ({ order, facts: { customer, partners } }) => {
  const own = partners.get(order.partnerId)?.domain;
  if (!own || !customer) return null;
  return [customer.domain, customer.mailDomain].includes(own) ? `Customer and partner share the domain ${own}.` : null;
};

const discountAtLimit: Trigger = ({ facts, settings }) =>
  facts.history.discountAtLimitInARow >= settings.discountAtLimitInARow
    ? `The last ${facts.history.discountAtLimitInARow} orders all took the whole discount the partner may give.`
    : null;

const manyJustUnderLimit: Trigger = ({ total, limit, facts, settings }) => {
  if (total.currency !== limit.currency) return null;
  const near = [...facts.history.monthTotals, total.minor].filter(
    (minor) => minor <= limit.minor && minor * 100n >= limit.minor * settings.justUnderPercent,
  );
  return near.length >= settings.justUnderOrders
    ? `${near.length} orders within thirty days just under the limit of ${formatAmount(limit)}.`
    : null;
};

/** A line whose family is unknown may be covered: better looked at once too often. */
const foreignProtection: Trigger = ({ order, facts }) => {
  if (facts.foreignFamilies.length === 0) return null;
  const covered = order.lines.some(
    (line) => !line.productFamily || facts.foreignFamilies.some((family) => family === '*' || family === line.productFamily),
  );
  return covered ? 'Another partner holds a protection with this customer.' : null;
};

const youngMembership: Trigger = ({ facts, settings, now }) => {
  if (!facts.memberSince) return null;
  const days = (now.getTime() - facts.memberSince.getTime()) / 86_400_000;
  return days < settings.youngMembershipDays ? `Handed in by somebody who joined ${Math.max(0, Math.floor(days))} days ago.` : null;
};

/** The rules as data: the name the reviewer reads, and the test. */
export const triggers: Record<string, Trigger> = {
  FIRST_ORDERS: firstOrders,
  AMOUNT_OVER_TIER_LIMIT: amountOverTierLimit,
  AMOUNT_OVER_MEDIAN: amountOverMedian,
  NEW_CUSTOMER_UNPROVEN: newCustomerUnproven,
  SHIP_TO_DIFFERS: shipToDiffers,
  CUSTOMER_IS_PARTNER: customerIsPartner,
  DISCOUNT_AT_LIMIT: discountAtLimit,
  MANY_JUST_UNDER_LIMIT: manyJustUnderLimit,
  FOREIGN_PROTECTION: foreignProtection,
  YOUNG_MEMBERSHIP: youngMembership,
};

/** What the partner reads while the order waits; it never learns which rule fired. */
export const reviewNotice = 'The order desk looks at this order before delivery, normally within one business day.';

export function reviewReasons(order: Order, facts: Facts, settings: ReviewSettings, now: Date): ReviewReason[] {
  const limit = tierLimitOf(settings, facts.partners.get(order.partnerId)?.tier ?? null);
  const asked: Asked = { order, total: totalOf(order), limit, facts, settings, now };
  return Object.entries(triggers).flatMap(([rule, trigger]) => {
    const text = trigger(asked);
    return text ? [{ rule, text }] : [];
  });
}

const formatAmount = (amount: Money): string => `${toDecimal(amount)} ${amount.currency}`;

/** Middle value; the lower of two in the middle, so that no amount is halved. Null without values. */
export function medianOf(values: readonly bigint[]): bigint | null {
  const sorted = [...values].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
