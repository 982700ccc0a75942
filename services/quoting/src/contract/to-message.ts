import {
  ApprovalGroup,
  ApprovalReasonCode,
  ApprovalState,
  LineConfirmation,
  PriceStepKind,
  QuoteState,
  type ApprovalStep as ApprovalStepMessage,
  type PartnerTotals as PartnerTotalsMessage,
  type PriceStep as PriceStepMessage,
  type Quote as QuoteMessage,
  type QuoteLine as QuoteLineMessage,
  type QuoteTotals as QuoteTotalsMessage,
} from '@openprm/contracts/quoting';
import { money, shareInBasisPoints, subtract, toGoogleMoney, type GoogleMoney, type Money } from '@openprm/money';
import type { ApprovalStep } from '../domain/approval';
import type { QuoteLine } from '../domain/line';
import type { PricedLine } from '../domain/pricing';
import { awaitingGroup, type Quote } from '../domain/quote';
import type { Totals } from '../domain/totals';
import { sightOf, visibleSteps, visibleTotals, type Viewer } from '../domain/visibility';

export type Names = Readonly<Record<string, string>>;

export interface QuoteView {
  quote: Quote;
  names: Names;
  viewer: Viewer;
  moves: readonly string[];
}

/** A quote as one viewer may see it; built from an allow-list. */
export function toQuoteMessage({ quote, names, viewer, moves }: QuoteView): QuoteMessage {
  const totals = visibleTotals(quote, viewer);
  return {
    ...toHeader(quote, names, viewer),
    moves: [...moves],
    lines: quote.lines.map((line) => toLine(line, quote, names, viewer)),
    lineCount: quote.lines.length,
    totals: totals.whole ? toTotals(totals.whole, viewer) : undefined,
    partnerTotals: [...totals.partners].map(([partnerId, each]) => toPartnerTotals(partnerId, each, names, viewer)),
    approvalSteps: visibleSteps(quote, viewer).map((step) => toApprovalStep(step)),
    awaitingApprovalBy: toGroup(awaitingGroup(quote)),
  };
}

/** Everything but lines, sums and steps. */
export const toHeader = (quote: Quote, names: Names, viewer: Viewer) => ({
  id: quote.id,
  number: quote.number,
  revision: quote.revision,
  partnerId: quote.partnerId,
  partnerName: names[quote.partnerId] ?? '',
  dealId: quote.dealId ?? '',
  opportunityId: quote.opportunityId ?? '',
  customerId: quote.customerId ?? '',
  customerName: quote.customerName,
  currency: quote.currency,
  validUntil: quote.validUntil,
  paymentTermsDays: quote.paymentTermsDays,
  specialTerms: quote.specialTerms,
  note: quote.note,
  state: QuoteState[quote.state],
  stateReason: quote.stateReason,
  stateComment: quote.stateComment,
  acceptanceProof: quote.acceptanceProof,
  supersedesId: quote.supersedesId ?? '',
  supersededById: quote.supersededById ?? '',
  orderId: quote.orderId ?? '',
  externalId: viewer.enterprise ? (quote.externalId ?? '') : '',
  moves: [] as string[],
  etag: String(quote.version),
  createTime: quote.createdAt,
  updateTime: quote.updatedAt,
  submitTime: quote.submittedAt ?? undefined,
  acceptTime: quote.acceptedAt ?? undefined,
});

export const toGroup = (group: ApprovalStep['group'] | null): ApprovalGroup => (group ? ApprovalGroup[group] : ApprovalGroup.UNSPECIFIED);

const HIDDEN: Omit<QuoteLineMessage, 'id' | 'productId' | 'productName' | 'quantity'> = {
  sku: '',
  family: '',
  linePartnerId: '',
  linePartnerName: '',
  options: [],
  discountBasisPoints: 0,
  confirmation: LineConfirmation.UNSPECIFIED,
  shared: false,
  unitListPrice: undefined,
  listAmount: undefined,
  netAmount: undefined,
  priceSteps: [],
  costAmount: undefined,
  marginAmount: undefined,
  marginBasisPoints: 0,
};

function toLine(line: QuoteLine, quote: Quote, names: Names, viewer: Viewer): QuoteLineMessage {
  const sight = sightOf(line, quote, viewer);
  const product = { ...HIDDEN, id: line.id, productId: line.productId, productName: line.productName, quantity: line.quantity };
  if (sight === 'PRODUCT') return product;
  const partner = {
    linePartnerId: line.linePartnerId,
    linePartnerName: names[line.linePartnerId] ?? '',
    confirmation: LineConfirmation[line.confirmation],
  };
  if (sight === 'PARTNER') return { ...product, ...partner };
  const { sku, family, options, discountBps: discountBasisPoints, shared } = line;
  return {
    ...product,
    ...partner,
    sku,
    family,
    options,
    discountBasisPoints,
    shared,
    ...toAmounts(line.priced, quote.currency, sight === 'COST'),
  };
}

function toAmounts(priced: PricedLine | null, currency: string, withCost: boolean): Partial<QuoteLineMessage> {
  if (!priced) return {};
  const amount = (minor: bigint): GoogleMoney => toGoogleMoney(money(minor, currency));
  const prices = {
    unitListPrice: amount(priced.unitListPrice),
    listAmount: amount(priced.listAmount),
    netAmount: amount(priced.netAmount),
    priceSteps: priced.steps.map((step): PriceStepMessage => ({
      kind: PriceStepKind[step.kind],
      source: step.source,
      unitPrice: step.unitPrice === null ? undefined : amount(step.unitPrice),
      discountBasisPoints: step.discountBps,
      lineAmount: amount(step.lineAmount),
    })),
  };
  if (!withCost || priced.costAmount === null) return prices;
  const [net, cost] = [money(priced.netAmount, currency), money(priced.costAmount, currency)];
  const margin = subtract(net, cost);
  return {
    ...prices,
    costAmount: toGoogleMoney(cost),
    marginAmount: toGoogleMoney(margin),
    marginBasisPoints: shareInBasisPoints(margin, net),
  };
}

export const toTotals = (totals: Totals, viewer: Viewer): QuoteTotalsMessage => ({
  listAmount: toGoogleMoney(totals.list),
  netAmount: toGoogleMoney(totals.net),
  discountBasisPoints: totals.discountBps,
  costAmount: viewer.enterprise ? optionalMoney(totals.cost) : undefined,
  marginAmount: viewer.enterprise ? optionalMoney(totals.margin) : undefined,
  marginBasisPoints: viewer.enterprise ? totals.marginBps : 0,
});

const optionalMoney = (amount: Money | null): GoogleMoney | undefined => (amount ? toGoogleMoney(amount) : undefined);

export const toPartnerTotals = (partnerId: string, totals: Totals, names: Names, viewer: Viewer): PartnerTotalsMessage => ({
  partnerId,
  partnerName: names[partnerId] ?? '',
  totals: toTotals(totals, viewer),
});

/** Expects a step that is already cut to what the viewer may see. */
export const toApprovalStep = (step: ApprovalStep): ApprovalStepMessage => ({
  position: step.position,
  group: ApprovalGroup[step.group],
  state: ApprovalState[step.state],
  reasons: step.reasons.map((reason) => ({ code: ApprovalReasonCode[reason.code], text: reason.text, lineId: reason.lineId ?? '' })),
  reused: step.reused,
  decideTime: step.decidedAt ?? undefined,
  decidedBy: step.decidedByName,
  comment: step.comment,
});
