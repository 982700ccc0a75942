import { failedPrecondition, invalid, permissionDenied } from '@openprm/errors';
import type { CatalogScope, ProductFacts } from './catalog';
import { inCatalog } from './catalog';
import type { PricedLine } from './pricing';

export type LineConfirmation = 'NOT_NEEDED' | 'PENDING' | 'CONFIRMED' | 'REFUSED';

export interface QuoteLine {
  id: string;
  position: number;
  productId: string;
  /** Name, number and family as they were when the line was written. */
  productName: string;
  sku: string;
  family: string;
  needsCheck: boolean;
  quantity: number;
  linePartnerId: string;
  options: string[];
  discountBps: number;
  confirmation: LineConfirmation;
  shared: boolean;
  /** Null until priced. */
  priced: PricedLine | null;
}

/** A line as somebody sent it; what is undefined stays, or gets its default on a new line. */
export interface LineInput {
  id?: string | undefined;
  productId?: string | undefined;
  quantity?: number | undefined;
  linePartnerId?: string | undefined;
  options?: string[] | undefined;
  discountBps?: number | undefined;
}

export interface LineContext {
  ownerId: string;
  products: ReadonlyMap<string, ProductFacts>;
  /** What the partner of a line may quote. */
  scopeOf: (partnerId: string) => CatalogScope;
  /** False for partners this service does not know. */
  knows: (partnerId: string) => boolean;
  /** Whether the caller acts for the partner, or for the enterprise. */
  actsFor: (partnerId: string) => boolean;
  newId: () => string;
}

/** All lines anew: those sent with an id keep what was not sent, the others are new. */
export function replaceLines(current: QuoteLine[], inputs: LineInput[], context: LineContext): QuoteLine[] {
  const known = new Map(current.map((line) => [line.id, line]));
  return inputs.map((input, index) => {
    const field = `quote.lines[${index}]`;
    const before = input.id ? known.get(input.id) : undefined;
    if (input.id && !before) throw invalid(`${field}.id`, 'is not a line of this quote: leave it empty for a new line.', 'UNKNOWN_LINE');
    if (before) known.delete(before.id);
    else if (input.id) throw invalid(`${field}.id`, 'stands twice.', 'UNKNOWN_LINE');
    return { ...writeLine(before, before ? asTold(before, input, context) : input, context, field), position: index + 1 };
  });
}

/** Of another partner's line the sender does not know options and discount: left out, they stay. */
function asTold(before: QuoteLine, input: LineInput, context: LineContext): LineInput {
  if (context.actsFor(before.linePartnerId)) return input;
  return { ...input, options: input.options?.length ? input.options : undefined, discountBps: input.discountBps || undefined };
}

/** One line with what was sent; its price is gone until the quote is priced again. */
export function writeLine(before: QuoteLine | undefined, input: LineInput, context: LineContext, field = 'line'): QuoteLine {
  const product = productOf(before, input, context, field);
  const linePartnerId = input.linePartnerId || before?.linePartnerId || context.ownerId;
  if (!context.knows(linePartnerId)) throw invalid(`${field}.line_partner_id`, 'is not a known partner.', 'UNKNOWN_PARTNER');
  // What one partner configured and gave is not for the next one to inherit.
  const kept = before?.linePartnerId === linePartnerId ? before : undefined;
  const line: QuoteLine = {
    id: before?.id ?? context.newId(),
    position: before?.position ?? 1,
    productId: product.id,
    productName: product.name,
    sku: product.sku,
    family: product.family,
    needsCheck: product.needsCheck,
    quantity: input.quantity || before?.quantity || 1,
    linePartnerId,
    options: input.options ?? kept?.options ?? [],
    discountBps: input.discountBps ?? kept?.discountBps ?? 0,
    confirmation: 'NOT_NEEDED',
    shared: kept?.shared ?? false,
    priced: null,
  };
  checkCatalog(line, product, context, field);
  checkDiscount(before, line, context, field);
  return { ...line, confirmation: confirmationAfter(before, line, context) };
}

function productOf(before: QuoteLine | undefined, input: LineInput, context: LineContext, field: string): ProductFacts {
  const productId = input.productId || before?.productId;
  const product = productId ? context.products.get(productId) : undefined;
  if (!product) throw invalid(`${field}.product_id`, 'is not a known product.', 'UNKNOWN_PRODUCT');
  if (product.state === 'RETIRED' && before?.productId !== product.id)
    throw invalid(`${field}.product_id`, 'is retired: choose another product.', 'PRODUCT_RETIRED');
  return product;
}

/** The catalog of the line's partner counts, not of whoever writes the line. */
function checkCatalog(line: QuoteLine, product: ProductFacts, context: LineContext, field: string): void {
  if (!inCatalog(product.catalogScope, context.scopeOf(line.linePartnerId))) {
    throw failedPrecondition('NOT_IN_CATALOG', `${field}: the catalog of the line's partner does not contain ${product.name}.`, {
      field: `${field}.product_id`,
    });
  }
  const unknown = line.options.find((option) => !product.options.includes(option));
  if (unknown !== undefined) throw invalid(`${field}.options`, `${product.name} has no option ${unknown}.`, 'UNKNOWN_OPTION');
}

/** Who gives a discount away is the line's partner or the enterprise, never another partner. */
function checkDiscount(before: QuoteLine | undefined, line: QuoteLine, context: LineContext, field: string): void {
  if (context.actsFor(line.linePartnerId)) return;
  const kept = before?.linePartnerId === line.linePartnerId ? before.discountBps : 0;
  if (line.discountBps !== kept)
    throw permissionDenied(`${field}: the discount of another partner's line is that partner's to give.`, 'NOT_YOUR_LINE');
}

/** A partner that touches its own line agrees to it; whoever else changes the line asks again. */
function confirmationAfter(before: QuoteLine | undefined, line: QuoteLine, context: LineContext): LineConfirmation {
  if (line.linePartnerId === context.ownerId) return 'NOT_NEEDED';
  if (before && before.confirmation !== 'NOT_NEEDED' && sameTerms(before, line)) return before.confirmation;
  return 'PENDING';
}

const sameTerms = (left: QuoteLine, right: QuoteLine): boolean =>
  left.linePartnerId === right.linePartnerId &&
  left.productId === right.productId &&
  left.quantity === right.quantity &&
  left.discountBps === right.discountBps &&
  left.options.join() === right.options.join();
