import { word } from '@openprm/contracts';
import {
  CatalogScope,
  QuoteState,
  ApprovalGroup,
  type Product as ProductMessage,
  type Quote as QuoteMessage,
  type QuoteLine as QuoteLineMessage,
} from '@openprm/contracts/quoting';
import { invalid } from '@openprm/errors';
import { fromGoogleMoney, MoneyError, type GoogleMoney, type Money } from '@openprm/money';
import type { LineInput } from '../domain/line';
import type { ProductProfile } from '../domain/product';
import type { QuoteHeader } from '../domain/quote';

/** An amount as sent; what is none is the caller's mistake. */
export function toMoney(amount: GoogleMoney, field: string): Money {
  try {
    return fromGoogleMoney(amount);
  } catch (error) {
    if (error instanceof MoneyError)
      throw invalid(field, `${error.message}.`, error.reason === 'UNKNOWN_CURRENCY' ? 'CURRENCY' : 'NOT_AN_AMOUNT');
    throw error;
  }
}

export const toLineInput = (line: QuoteLineMessage): LineInput => ({
  id: line.id || undefined,
  productId: line.productId || undefined,
  quantity: line.quantity || undefined,
  linePartnerId: line.linePartnerId || undefined,
  options: line.options,
  discountBps: line.discountBasisPoints,
});

/** Only what the mask names: an update of one line leaves the rest as it is. */
export function toLineChange(line: QuoteLineMessage, mask: string[] | undefined): LineInput {
  const named = (path: string, value: unknown): boolean => (mask && mask.length > 0 ? mask.includes(path) : Boolean(value));
  return {
    id: line.id,
    quantity: named('quantity', line.quantity) ? line.quantity : undefined,
    linePartnerId: named('line_partner_id', line.linePartnerId) ? line.linePartnerId : undefined,
    options: named('options', line.options.length) ? line.options : undefined,
    discountBps: named('discount_basis_points', line.discountBasisPoints) ? line.discountBasisPoints : undefined,
  };
}

/** Header fields that were sent; on update those the mask names. */
export function toHeaderInput(quote: QuoteMessage, mask?: string[]): Partial<QuoteHeader> {
  const named = (path: string, value: unknown): boolean => (mask && mask.length > 0 ? mask.includes(path) : Boolean(value));
  return {
    ...(named('valid_until', quote.validUntil) && quote.validUntil && { validUntil: quote.validUntil }),
    ...(named('payment_terms_days', quote.paymentTermsDays) && { paymentTermsDays: quote.paymentTermsDays }),
    ...(named('special_terms', quote.specialTerms) && { specialTerms: quote.specialTerms }),
    ...(named('note', quote.note) && { note: quote.note }),
  };
}

export const toProductProfile = (product: ProductMessage): ProductProfile => ({
  sku: product.sku,
  name: product.name,
  description: product.description,
  family: product.family,
  catalogScope: word(CatalogScope, product.catalogScope) ?? 'STANDARD',
  needsCheck: product.needsCheck,
  options: product.options.map(({ code, name }) => ({ code, name })),
});

export const toStates = (states: QuoteState[]) => states.map((state) => word(QuoteState, state)).filter((state) => state !== undefined);
export const toApprovalGroup = (group: ApprovalGroup) => word(ApprovalGroup, group) ?? null;
