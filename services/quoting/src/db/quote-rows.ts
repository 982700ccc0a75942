import type { Change, ChildRows } from '@openprm/postgres';
import type { ApprovalStep } from '../domain/approval';
import type { QuoteLine } from '../domain/line';
import { awaitingGroup, linePartners, type Quote } from '../domain/quote';
import { partnerTotalsOf } from '../domain/totals';
import { partiesOf } from '../domain/visibility';
import { derivedId } from './derived-id';

/** The quote with everything that belongs to it as one change: five tables, one statement, however many lines. */
export function toQuoteChange(quote: Quote, related: readonly string[], expectedVersion: number | null): Change {
  return {
    table: 'quotes',
    row: toQuoteRow(quote),
    expectedVersion,
    children: [
      children(
        'quote_lines',
        quote,
        quote.lines.map((line) => toLineRow(quote, line)),
      ),
      children(
        'quote_price_steps',
        quote,
        quote.lines.flatMap((line) => toStepRows(quote, line)),
      ),
      children(
        'quote_approval_steps',
        quote,
        quote.steps.map((step) => toApprovalRow(quote, step)),
      ),
      children('quote_parties', quote, toPartyRows(quote, related)),
    ],
  };
}

const children = (table: string, quote: Quote, rows: ChildRows['rows']): ChildRows => ({
  table,
  ownerColumn: 'quote_id',
  ownerId: quote.id,
  rows,
});

const toQuoteRow = (quote: Quote) => ({
  id: quote.id,
  version: quote.version,
  number: quote.number,
  revision: quote.revision,
  state: quote.state,
  partner_id: quote.partnerId,
  deal_id: quote.dealId,
  opportunity_id: quote.opportunityId,
  customer_id: quote.customerId,
  customer_name: quote.customerName,
  currency: quote.currency,
  valid_until: quote.validUntil,
  payment_terms_days: quote.paymentTermsDays,
  special_terms: quote.specialTerms,
  note: quote.note,
  line_count: quote.lines.length,
  line_partner_ids: linePartners(quote),
  awaiting_group: awaitingGroup(quote),
  state_reason: quote.stateReason,
  state_comment: quote.stateComment,
  acceptance_proof: quote.acceptanceProof,
  supersedes_id: quote.supersedesId,
  superseded_by_id: quote.supersededById,
  order_id: quote.orderId,
  external_id: quote.externalId,
  submitted_by: quote.submittedBy,
  notice_days: quote.noticeDays,
  created_at: quote.createdAt,
  updated_at: quote.updatedAt,
  submitted_at: quote.submittedAt,
  accepted_at: quote.acceptedAt,
});

const toLineRow = (quote: Quote, line: QuoteLine) => ({
  id: line.id,
  quote_id: quote.id,
  position: line.position,
  product_id: line.productId,
  product_name: line.productName,
  sku: line.sku,
  family: line.family,
  needs_check: line.needsCheck,
  quantity: line.quantity,
  line_partner_id: line.linePartnerId,
  options: line.options,
  discount_bps: line.discountBps,
  confirmation: line.confirmation,
  shared: line.shared,
  unit_list_price: line.priced?.unitListPrice ?? null,
  list_amount: line.priced?.listAmount ?? null,
  entitled_amount: line.priced?.entitledAmount ?? null,
  net_amount: line.priced?.netAmount ?? null,
  cost_amount: line.priced?.costAmount ?? null,
});

const toStepRows = (quote: Quote, line: QuoteLine) =>
  (line.priced?.steps ?? []).map((step, index) => ({
    id: derivedId(line.id, index),
    quote_id: quote.id,
    line_id: line.id,
    position: index + 1,
    kind: step.kind,
    source: step.source,
    unit_price: step.unitPrice,
    discount_bps: step.discountBps,
    line_amount: step.lineAmount,
  }));

const toApprovalRow = (quote: Quote, step: ApprovalStep) => ({
  id: step.id,
  quote_id: quote.id,
  position: step.position,
  step_group: step.group,
  state: step.state,
  reasons: step.reasons,
  reused: step.reused,
  decided_at: step.decidedAt,
  decided_by: step.decidedBy,
  decided_by_name: step.decidedByName,
  comment: step.comment,
});

function toPartyRows(quote: Quote, related: readonly string[]): ChildRows['rows'] {
  const totals = partnerTotalsOf(quote.lines, quote.currency);
  return partiesOf(quote, related).map((partnerId) => {
    const own = quote.lines.filter((line) => line.linePartnerId === partnerId);
    const sums = totals.get(partnerId);
    return {
      id: derivedId(quote.id, partnerId),
      quote_id: quote.id,
      partner_id: partnerId,
      is_owner: partnerId === quote.partnerId,
      has_lines: own.length > 0,
      has_hidden: own.some((line) => !line.shared),
      state: quote.state,
      currency: quote.currency,
      list_amount: sums?.list.minor ?? null,
      net_amount: sums?.net.minor ?? null,
      cost_amount: sums?.cost?.minor ?? null,
      created_at: quote.createdAt,
    };
  });
}
