import type { ChildRows, Row } from '@openprm/postgres';
import type { Customer } from '../domain/deal';
import type { CloseReason, LeadMode, Opportunity, Stage } from '../domain/opportunity';
import { familiesOf } from '../domain/protection';
import type { RelatedPartner } from '../domain/related-partner';
import type { SellingModel } from '../domain/selling-models';
import { isClosed } from '../domain/opportunity';
import { idFrom } from './child-ids';
import { toLines, type DealRow } from './deal-rows';
import { moneyOf } from './revive';

export interface OpportunityRow {
  id: string;
  version: number;
  number: string;
  deal_id: string | null;
  deal_number: string;
  partner_id: string | null;
  partner_name: string | null;
  owner_person_id: string | null;
  owner_name: string;
  title: string;
  type: string;
  selling_model: SellingModel | null;
  lead_mode: LeadMode;
  customer: Customer;
  customer_keys: string[];
  lines: DealRow['lines'];
  amount_minor: bigint | null;
  currency: string | null;
  stage: Stage;
  stage_at: Date;
  expected_close_date: string | null;
  close_date: string | null;
  close_reason: CloseReason | null;
  close_text: string;
  related: RelatedPartner[];
  external_id: string | null;
  created_at: Date;
  updated_at: Date;
}

export const toOpportunityRow = (each: Opportunity): Row & { id: string; version: number } => ({
  id: each.id,
  version: each.version,
  number: each.number,
  deal_id: each.dealId,
  deal_number: each.dealNumber,
  partner_id: each.partnerId,
  owner_person_id: each.ownerPersonId,
  owner_name: each.ownerName,
  title: each.title,
  type: each.type,
  selling_model: each.sellingModel,
  lead_mode: each.leadMode,
  customer: each.customer,
  customer_id: each.customer.customerId,
  customer_name: each.customer.name,
  customer_keys: each.customerKeys,
  lines: each.lines,
  amount_minor: each.amount?.minor ?? null,
  currency: each.amount?.currency ?? null,
  stage: each.stage,
  stage_at: each.stageTime,
  expected_close_date: each.expectedCloseDate,
  close_date: each.closeDate,
  close_reason: each.closeReason,
  close_text: each.closeText,
  related: each.related,
  external_id: each.externalId,
  created_at: each.createTime,
  updated_at: each.updateTime,
});

export const fromOpportunityRow = (row: OpportunityRow): Opportunity => ({
  id: row.id,
  version: row.version,
  number: row.number,
  dealId: row.deal_id,
  dealNumber: row.deal_number,
  partnerId: row.partner_id,
  partnerName: row.partner_name ?? '',
  ownerPersonId: row.owner_person_id,
  ownerName: row.owner_name,
  title: row.title,
  type: row.type,
  sellingModel: row.selling_model,
  leadMode: row.lead_mode,
  customer: row.customer,
  customerKeys: row.customer_keys,
  lines: toLines(row.lines),
  amount: moneyOf(row.amount_minor, row.currency),
  stage: row.stage,
  stageTime: row.stage_at,
  expectedCloseDate: row.expected_close_date,
  closeDate: row.close_date,
  closeReason: row.close_reason,
  closeText: row.close_text,
  related: row.related,
  externalId: row.external_id,
  createTime: row.created_at,
  updateTime: row.updated_at,
});

/** A direct opportunity stands in the way of a partner's claim; one that came from a deal does so through its deal. */
export function directClaimsOf(each: Opportunity): ChildRows {
  const keys = each.partnerId === null && !isClosed(each.stage) ? each.customerKeys : [];
  const rows = keys.flatMap((key) =>
    familiesOf(each.lines).map((family) => ({
      id: idFrom(each.id, key, family),
      owner_id: each.id,
      owner_kind: 'OPPORTUNITY',
      customer_key: key,
      family,
      country: each.customer.country,
      active: false,
    })),
  );
  return { table: 'customer_claims', ownerColumn: 'owner_id', ownerId: each.id, rows };
}
