import * as contract from '@openprm/contracts/quoting';
import { toOutboxRow } from '@openprm/messaging';
import type { OutboxRow } from '@openprm/postgres';
import { toEntry, toFamily, toPriceBook, toProduct } from '../contract/catalog-messages';
import { toQuoteMessage, type Names } from '../contract/to-message';
import type { PriceBook, PriceBookEntry, ProductEventType, ProductFamily, ProductView } from '../domain/product';
import type { Quote, QuoteEvent } from '../domain/quote';
import { ENTERPRISE, partiesOf } from '../domain/visibility';

export interface Making {
  now: Date;
  newId: () => string;
}

/** A domain event as integrators read it: the quote as it is now, in the enterprise's view. */
export function quoteEvent(
  quote: Quote,
  event: QuoteEvent,
  surroundings: { names: Names; related: readonly string[] },
  making: Making,
): OutboxRow {
  const message = { quote: toQuoteMessage({ quote, names: surroundings.names, viewer: ENTERPRISE, moves: [] }) };
  const audience = partiesOf(quote, surroundings.related);
  if (event.type === 'QuoteExpiryNear')
    return toOutboxRow(contract.QuoteExpiryNear, { ...message, daysLeft: event.daysLeft ?? 0 }, { audience, ...making });
  return toOutboxRow(contract[event.type], message, { audience, ...making });
}

const INTERNAL = { enterprise: true, moves: [] };

export const productEvent = (view: ProductView, type: ProductEventType, making: Making): OutboxRow =>
  toOutboxRow(contract[type], { product: toProduct(view, INTERNAL) }, { audience: [], ...making });

export const familyEvent = (family: ProductFamily, type: 'ProductFamilyCreated' | 'ProductFamilyUpdated', making: Making): OutboxRow =>
  toOutboxRow(contract[type], { productFamily: toFamily(family) }, { audience: [], ...making });

export const priceBookEvent = (book: PriceBook, type: 'PriceBookCreated' | 'PriceBookUpdated', making: Making): OutboxRow =>
  toOutboxRow(contract[type], { priceBook: toPriceBook(book) }, { audience: [], ...making });

export const entriesEvent = (book: PriceBook, entries: PriceBookEntry[], making: Making): OutboxRow =>
  toOutboxRow(
    contract.PriceBookEntriesSet,
    { priceBook: toPriceBook(book), entries: entries.map((each) => toEntry(each, book.currency)) },
    { audience: [], ...making },
  );
