import { word } from '@openprm/contracts';
import { OrderState, RejectReason, type ImportOrderItem, type ShipTo as ShipToMessage } from '@openprm/contracts/order';
import { invalid } from '@openprm/errors';
import { fromGoogleMoney, MoneyError, type GoogleMoney, type Money } from '@openprm/money';
import type { ShipTo } from '../domain/order';
import type { ImportedItem } from '../usecases/import-orders';

export const toRejectReason = (reason: RejectReason): string => word(RejectReason, reason) ?? '';

export const toShipTo = (message: ShipToMessage | undefined): ShipTo | null =>
  message
    ? { name: message.name, street: message.street, city: message.city, postalCode: message.postalCode, country: message.country }
    : null;

/** An item of an import, its amounts read; a bad amount refuses the item, not the batch. */
export const toImportedItem = (item: ImportOrderItem): ImportedItem => ({
  externalId: item.externalId,
  source: item.source,
  partnerId: item.partnerId,
  customerId: item.customerId,
  currency: item.currencyCode,
  lines: item.lines.map((line, index) => ({
    productId: line.productId || null,
    productName: line.productName,
    quantity: line.quantity || 1n,
    linePartnerId: line.linePartnerId || item.partnerId,
    amount: () => amountOf(line.amount!, item.currencyCode, `lines[${index}].amount`),
  })),
  delivered: word(OrderState, item.state) === 'FULFILLED',
  orderTime: item.orderTime ?? null,
  fulfilTime: item.fulfilTime ?? null,
  quoteId: item.quoteId || null,
  opportunityId: item.opportunityId || null,
  dealId: item.dealId || null,
  ownerEmail: item.ownerEmail.toLowerCase(),
  shipTo: toShipTo(item.shipTo),
  purchaseOrderNumber: item.purchaseOrderNumber,
});

function amountOf(message: GoogleMoney, currency: string, field: string): Money {
  if (message.currencyCode !== currency)
    throw invalid(field, `is in ${message.currencyCode}, the order in ${currency}.`, 'CURRENCY_DIFFERS');
  try {
    const amount = fromGoogleMoney(message);
    if (amount.minor < 0n) throw invalid(field, 'is below zero.', 'NEGATIVE_AMOUNT');
    return amount;
  } catch (error) {
    if (error instanceof MoneyError) throw invalid(field, `${error.message}.`, error.reason);
    throw error;
  }
}
