import { failedPrecondition, type PrmError } from '@openprm/errors';
import { equal } from '@openprm/money';
import type { Facts } from './facts';
import { partnersOf, totalOf } from './lines';
import type { Order } from './order';

type Check = (order: Order, facts: Facts, now: Date) => PrmError | null;

/** Catalog scopes from narrow to wide; a partner sells products up to its own. */
const scopes = ['standard', 'extended', 'full'];
const covers = (own: string, product: string): boolean => scopes.indexOf(own) >= Math.max(scopes.indexOf(product), 0);

const partnersActive: Check = (order, { partners }) => {
  const idle = partnersOf(order).find((id) => partners.get(id)?.state !== 'ACTIVE');
  return idle ? partnerNotActive(nameOf(order, idle)) : null;
};

const partnersEnrolled: Check = (order, { partners }) => {
  const stranger = partnersOf(order).find((id) => !partners.get(id)?.enrolled);
  return stranger ? failedPrecondition('ENROLMENT_NOT_ACTIVE', `${nameOf(order, stranger)} has no active program enrolment.`) : null;
};

const productsEntitled: Check = (_order, { quote, partners }) => {
  const line = quote?.lines.find((each) => !covers(partners.get(each.linePartnerId)?.catalogScope ?? 'standard', each.productScope));
  return line ? failedPrecondition('PRODUCT_NOT_ENTITLED', `${line.productName} is outside the catalog its partner may sell.`) : null;
};

const quoteAccepted: Check = (order, { quote }) => {
  if (!order.quoteId) return null;
  return quote && ['ACCEPTED', 'ORDERED'].includes(quote.state) ? null : quoteNotAccepted();
};

/** A quote that was accepted in time is ordered within its validity; the day itself still counts. */
const quoteValid: Check = (_order, { quote }, now) =>
  quote?.validUntil && quote.state === 'ACCEPTED' && quote.validUntil < now
    ? failedPrecondition('QUOTE_EXPIRED', 'The quote is no longer valid: revise it and let the customer accept it again.')
    : null;

const currencyEqual: Check = (order, { quote }) =>
  quote && quote.currency !== order.currency
    ? failedPrecondition('CURRENCY_DIFFERS', `The quote is in ${quote.currency}, the order in ${order.currency}.`)
    : null;

const totalEqual: Check = (order, { quote }) =>
  quote && !equal(quote.total, totalOf(order)) ? failedPrecondition('TOTAL_DIFFERS', 'Lines and total are not those of the quote.') : null;

const addressComplete: Check = (order) =>
  order.shipTo.country ? null : failedPrecondition('ADDRESS_INCOMPLETE', 'The delivery address lacks its country: give ship_to.country.');

/** In the order in which people should hear of them. */
export const hardChecks: Record<string, Check> = {
  partnersActive,
  partnersEnrolled,
  quoteAccepted,
  quoteValid,
  currencyEqual,
  totalEqual,
  productsEntitled,
  addressComplete,
};

/** The first reason that forbids handing in, or null. */
export function firstRefusal(order: Order, facts: Facts, now: Date): PrmError | null {
  for (const check of Object.values(hardChecks)) {
    const refusal = check(order, facts, now);
    if (refusal) return refusal;
  }
  return null;
}

export const partnerNotActive = (name: string): PrmError =>
  failedPrecondition('PARTNER_NOT_ACTIVE', `${name} is not active: it cannot order until the enterprise reinstates it.`);

export const quoteNotAccepted = (): PrmError =>
  failedPrecondition(
    'QUOTE_NOT_ACCEPTED',
    'No accepted quote with this id is known here. A fresh acceptance arrives within a second: try again.',
  );

const nameOf = (order: Order, partnerId: string): string =>
  partnerId === order.partnerId
    ? order.partnerName
    : (order.lines.find((line) => line.linePartnerId === partnerId)?.linePartnerName ?? 'A partner of the order');
