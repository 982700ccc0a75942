import { invalid } from '@openprm/errors';
import type { Money } from '@openprm/money';
import { answerItem, importBatch, type Command, type ImportResult } from '@openprm/postgres';
import { drawNumbers, findImported, findNames, lockImport } from '../db/imports';
import { findProducts } from '../db/products';
import type { Deps } from '../deps';
import { importQuote } from '../domain/import';
import { by, storeNewQuote } from './store';

export interface ImportQuoteItem {
  externalId: string;
  partnerId: string;
  dealId: string | null;
  opportunityId: string | null;
  customerId: string | null;
  productId: string;
  quantity: number;
  /** Reads the agreed value; throws what is wrong with it. */
  agreed: () => Money;
  createdAt: Date;
  orderedAt: Date;
}

/**
 * Records quotes of the past. Six statements however many items. Partners, customers and deals are taken as sent: they were imported
 * elsewhere a moment ago, and their news may still be on its way.
 */
export const importQuotes = (deps: Deps, command: Command, items: ImportQuoteItem[], validateOnly: boolean): Promise<ImportResult[]> =>
  importBatch(deps, command, validateOnly, async (tx) => {
    await lockImport(tx, 'quotes');
    const known = await findImported(
      tx,
      'quotes',
      items.map((item) => item.externalId),
    );
    const fresh = items.filter((item) => !known.has(item.externalId));
    const products = await findProducts(tx, [...new Set(fresh.map((item) => item.productId))], command.now);
    const names = await findNames(tx, namesWanted(fresh));
    const numbers = await drawNumbers(tx, validateOnly ? 0 : fresh.length);
    return items.map((item) =>
      answerItem(item, known.get(item.externalId), () => {
        const view = products.get(item.productId);
        if (!view) throw invalid('product_id', 'is not a known product.', 'UNKNOWN_PRODUCT');
        const agreed = item.agreed();
        if (agreed.minor < 0n) throw invalid('agreed_value', 'is negative.', 'NOT_AN_AMOUNT');
        if (item.orderedAt < item.createdAt) throw invalid('order_time', 'lies before create_time.', 'INVALID');
        const price = (amounts: Money[]) => amounts.find((each) => each.currency === agreed.currency)?.minor ?? null;
        const product = { ...view.product, options: view.product.options.map((option) => option.code) };
        const priced = { agreed, unitListPrice: price(view.listPrices), unitCost: price(view.unitCosts) };
        const customerName = (item.customerId && names.customers[item.customerId]) || '';
        const decision = importQuote({
          ...item,
          ...priced,
          product,
          customerName,
          id: deps.newId(),
          lineId: deps.newId(),
          number: numbers.shift() ?? '',
        });
        const related = (item.opportunityId && names.related[item.opportunityId]) || [];
        const { id } = storeNewQuote(tx, deps, { names: names.partners, related }, decision, by(command, 'import'));
        known.set(item.externalId, id);
        return id;
      }),
    );
  });

const namesWanted = (items: ImportQuoteItem[]) => ({
  partnerIds: [...new Set(items.map((item) => item.partnerId))],
  customerIds: [...new Set(items.flatMap((item) => item.customerId ?? []))],
  opportunityIds: [...new Set(items.flatMap((item) => item.opportunityId ?? []))],
});
