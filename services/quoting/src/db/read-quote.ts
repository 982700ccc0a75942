import type { ApprovalGroup, ApprovalReason, ApprovalState } from '../domain/approval';
import type { LineConfirmation, QuoteLine } from '../domain/line';
import type { PriceStep, PriceStepKind } from '../domain/pricing';
import type { Quote } from '../domain/quote';
import type { QuoteState } from '../domain/quote-moves';

export interface QuoteRow {
  id: string;
  version: number;
  number: string;
  revision: number;
  state: QuoteState;
  partner_id: string;
  deal_id: string | null;
  opportunity_id: string | null;
  customer_id: string | null;
  customer_name: string;
  currency: string;
  valid_until: Date;
  payment_terms_days: number;
  special_terms: string;
  note: string;
  line_count: number;
  line_partner_ids: string[];
  awaiting_group: ApprovalGroup | null;
  state_reason: string;
  state_comment: string;
  acceptance_proof: string;
  supersedes_id: string | null;
  superseded_by_id: string | null;
  order_id: string | null;
  external_id: string | null;
  submitted_by: string | null;
  notice_days: number | null;
  created_at: Date;
  updated_at: Date;
  submitted_at: Date | null;
  accepted_at: Date | null;
}

interface LineJson {
  id: string;
  position: number;
  product_id: string;
  product_name: string;
  sku: string;
  family: string;
  needs_check: boolean;
  quantity: number;
  line_partner_id: string;
  options: string[];
  discount_bps: number;
  confirmation: LineConfirmation;
  shared: boolean;
  unit_list_price: string | null;
  list_amount: string | null;
  entitled_amount: string | null;
  net_amount: string | null;
  cost_amount: string | null;
}

interface StepJson {
  line_id: string;
  kind: PriceStepKind;
  source: string;
  unit_price: string | null;
  discount_bps: number;
  line_amount: string;
}

interface ApprovalJson {
  id: string;
  position: number;
  step_group: ApprovalGroup;
  state: ApprovalState;
  reasons: ApprovalReason[];
  reused: boolean;
  decided_at: string | null;
  decided_by: string | null;
  decided_by_name: string;
  comment: string;
}

/** Columns for everything that belongs to quote `q`. Amounts travel as text: a JSON number would make a float of them. */
export const QUOTE_PARTS = `
  (select jsonb_agg(to_jsonb(l) || jsonb_build_object('unit_list_price', l.unit_list_price::text, 'list_amount', l.list_amount::text, 'entitled_amount', l.entitled_amount::text,
     'net_amount', l.net_amount::text, 'cost_amount', l.cost_amount::text) order by l.position) from quote_lines l where l.quote_id = q.id) as lines,
  (select jsonb_agg(to_jsonb(s) || jsonb_build_object('unit_price', s.unit_price::text, 'line_amount', s.line_amount::text) order by s.line_id, s.position)
     from quote_price_steps s where s.quote_id = q.id) as price_steps,
  (select jsonb_agg(to_jsonb(a) order by a.position) from quote_approval_steps a where a.quote_id = q.id) as approval_steps`;

export interface QuotePartsRow extends QuoteRow {
  lines: LineJson[] | null;
  price_steps: StepJson[] | null;
  approval_steps: ApprovalJson[] | null;
}

export function fromQuoteRow(row: QuoteRow, parts: Pick<Quote, 'lines' | 'steps'> = { lines: [], steps: [] }): Quote {
  return {
    ...parts,
    id: row.id,
    version: row.version,
    number: row.number,
    revision: row.revision,
    state: row.state,
    partnerId: row.partner_id,
    dealId: row.deal_id,
    opportunityId: row.opportunity_id,
    customerId: row.customer_id,
    customerName: row.customer_name,
    currency: row.currency,
    validUntil: row.valid_until,
    paymentTermsDays: row.payment_terms_days,
    specialTerms: row.special_terms,
    note: row.note,
    stateReason: row.state_reason,
    stateComment: row.state_comment,
    acceptanceProof: row.acceptance_proof,
    supersedesId: row.supersedes_id,
    supersededById: row.superseded_by_id,
    orderId: row.order_id,
    externalId: row.external_id,
    submittedBy: row.submitted_by,
    noticeDays: row.notice_days,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    submittedAt: row.submitted_at,
    acceptedAt: row.accepted_at,
  };
}

export function fromQuoteParts(row: QuotePartsRow): Quote {
  const steps = Map.groupBy(row.price_steps ?? [], (step) => step.line_id);
  return fromQuoteRow(row, {
    lines: (row.lines ?? []).map((line) => fromLine(line, (steps.get(line.id) ?? []).map(fromStep))),
    steps: (row.approval_steps ?? []).map(fromApproval),
  });
}

function fromLine(line: LineJson, steps: PriceStep[]): QuoteLine {
  return {
    id: line.id,
    position: line.position,
    productId: line.product_id,
    productName: line.product_name,
    sku: line.sku,
    family: line.family,
    needsCheck: line.needs_check,
    quantity: line.quantity,
    linePartnerId: line.line_partner_id,
    options: line.options,
    discountBps: line.discount_bps,
    confirmation: line.confirmation,
    shared: line.shared,
    priced:
      line.net_amount === null
        ? null
        : {
            unitListPrice: BigInt(line.unit_list_price!),
            listAmount: BigInt(line.list_amount!),
            entitledAmount: BigInt(line.entitled_amount!),
            netAmount: BigInt(line.net_amount),
            costAmount: line.cost_amount === null ? null : BigInt(line.cost_amount),
            steps,
          },
  };
}

const fromStep = (step: StepJson): PriceStep => ({
  kind: step.kind,
  source: step.source,
  unitPrice: step.unit_price === null ? null : BigInt(step.unit_price),
  discountBps: step.discount_bps,
  lineAmount: BigInt(step.line_amount),
});

const fromApproval = (step: ApprovalJson) => ({
  id: step.id,
  position: step.position,
  group: step.step_group,
  state: step.state,
  reasons: step.reasons,
  reused: step.reused,
  decidedAt: step.decided_at === null ? null : new Date(step.decided_at),
  decidedBy: step.decided_by,
  decidedByName: step.decided_by_name,
  comment: step.comment,
});
