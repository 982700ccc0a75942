import { failedPrecondition } from '@openprm/errors';
import { divideHalfUp, money } from '@openprm/money';
import type { PriceRule } from './catalog';
import type { QuoteLine } from './line';

export type PriceStepKind = 'LIST' | 'ADDER' | 'CUSTOM' | 'VOLUME' | 'REGISTRATION' | 'MANUAL' | 'AGREED';

/** One step from the list price to the line's amount. Amounts are minor units of the quote's currency. */
export interface PriceStep {
  kind: PriceStepKind;
  source: string;
  /** Unit price that was set or added; null for discounts. */
  unitPrice: bigint | null;
  discountBps: number;
  /** Amount of the line after this step, rounded for reading; the next step starts from the exact value. */
  lineAmount: bigint;
}

export interface PricedLine {
  unitListPrice: bigint;
  listAmount: bigint;
  /** What the line's partner is entitled to before any manual discount. */
  entitledAmount: bigint;
  netAmount: bigint;
  /** Null when the cost of the product is not known. */
  costAmount: bigint | null;
  steps: PriceStep[];
}

export interface VolumeBreak {
  minQuantity: number;
  discountBps: number;
}

/** A price of one product from one price book. */
export interface BookPrice {
  book: string;
  unitPrice: bigint;
  unitCost: bigint | null;
  /** Price per option code. */
  options: Readonly<Record<string, bigint>>;
}

/** What the price of one line depends on. */
export interface PriceFacts {
  list: BookPrice | null;
  /** Custom price of the line's partner. */
  custom: BookPrice | null;
  rule: PriceRule;
  volumeBreaks: readonly VolumeBreak[];
  /** For the holder of an active protection, else 0. */
  registrationBps: number;
  /** Somebody else holds an active protection: list price only. */
  barred: boolean;
}

/** Prices every line. Volume breaks count the quantity of a family in the quote for the same line partner. */
export function priceLines(lines: readonly QuoteLine[], currency: string, factsOf: (line: QuoteLine) => PriceFacts): QuoteLine[] {
  const quantities = familyQuantities(lines);
  return lines.map((line) => ({
    ...line,
    priced: priceLine(line, currency, factsOf(line), quantities.get(familyKey(line)) ?? line.quantity),
  }));
}

const familyKey = (line: QuoteLine): string => `${line.linePartnerId} ${line.family}`;

function familyQuantities(lines: readonly QuoteLine[]): Map<string, number> {
  const quantities = new Map<string, number>();
  for (const line of lines) quantities.set(familyKey(line), (quantities.get(familyKey(line)) ?? 0) + line.quantity);
  return quantities;
}

/** Prices one line: list, options, tier rule, registration discount, manual discount; rounded half up once, at the end. */
export function priceLine(line: QuoteLine, currency: string, facts: PriceFacts, familyQuantity: number): PricedLine {
  if (!facts.list) throw noPrice(line.productName, currency);
  if (facts.barred && line.discountBps > 0) {
    throw failedPrecondition('DISCOUNT_NOT_POSSIBLE', `No discount is possible on ${line.productName}: take it away and price again.`, {
      line: line.id,
    });
  }
  const quantity = BigInt(line.quantity);
  const walk = new Walk();
  walk.set('LIST', facts.list.book, facts.list.unitPrice, facts.list.unitPrice * quantity);
  let adders = 0n;
  for (const option of line.options) {
    const price = facts.list.options[option];
    if (price === undefined) throw noPrice(`${line.productName}, option ${option},`, currency);
    adders += price;
    walk.set('ADDER', option, price, (facts.list.unitPrice + adders) * quantity);
  }
  const unitListPrice = facts.list.unitPrice + adders;
  if (!facts.barred) applyRule(walk, facts, adders, quantity, familyQuantity);
  if (!facts.barred && facts.registrationBps > 0) walk.discount('REGISTRATION', 'deal protection', facts.registrationBps);
  const entitledAmount = walk.amount();
  if (line.discountBps > 0) walk.discount('MANUAL', '', line.discountBps);
  const unitCost = facts.list.unitCost;
  return {
    unitListPrice,
    listAmount: money(unitListPrice * quantity, currency).minor,
    entitledAmount,
    netAmount: money(walk.amount(), currency).minor,
    costAmount: unitCost === null ? null : money(unitCost * quantity, currency).minor,
    steps: walk.steps,
  };
}

/** A partner with custom prices but none for this product gets the volume breaks. */
function applyRule(walk: Walk, facts: PriceFacts, adders: bigint, quantity: bigint, familyQuantity: number): void {
  if (facts.rule === 'CUSTOM' && facts.custom) {
    walk.set('CUSTOM', facts.custom.book, facts.custom.unitPrice, (facts.custom.unitPrice + adders) * quantity);
  } else if (facts.rule !== 'LIST') {
    const reached = reachedBreak(facts.volumeBreaks, familyQuantity);
    if (reached) walk.discount('VOLUME', `from ${reached.minQuantity}`, reached.discountBps);
  }
}

/** The break with the highest quantity that is reached. */
export const reachedBreak = (breaks: readonly VolumeBreak[], quantity: number): VolumeBreak | null =>
  breaks
    .filter((each) => each.minQuantity <= quantity)
    .reduce<VolumeBreak | null>((best, each) => (best && best.minQuantity >= each.minQuantity ? best : each), null);

const noPrice = (what: string, currency: string): Error =>
  failedPrecondition(
    'NO_PRICE',
    `${what} has no price in ${currency}: choose a currency that has one, or have it entered into a price book. Amounts are not converted.`,
    { currency },
  );

const WHOLE = 10_000n;

/** Carries the exact amount as a fraction, so that nothing is rounded before the end. */
class Walk {
  readonly steps: PriceStep[] = [];
  private numerator = 0n;
  private denominator = 1n;

  set(kind: PriceStepKind, source: string, unitPrice: bigint, lineAmount: bigint): void {
    this.numerator = lineAmount;
    this.denominator = 1n;
    this.steps.push({ kind, source, unitPrice, discountBps: 0, lineAmount: this.amount() });
  }

  discount(kind: PriceStepKind, source: string, discountBps: number): void {
    this.numerator *= WHOLE - BigInt(discountBps);
    this.denominator *= WHOLE;
    this.steps.push({ kind, source, unitPrice: null, discountBps, lineAmount: this.amount() });
  }

  amount(): bigint {
    return divideHalfUp(this.numerator, this.denominator);
  }
}
