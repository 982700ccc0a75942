import { Params, scopeSql } from '@openprm/access';
import { runOne, type Tx } from '@openprm/postgres';
import type { Reach } from './quotes';

/** What a quote takes over from a deal or opportunity. */
export interface Source {
  partnerId: string | null;
  customerId: string | null;
  customerName: string;
  dealId: string | null;
  opportunityId: string | null;
  currency: string;
  lines: { productId: string; quantity: number }[];
  /** Partners with access to the record. */
  related: string[];
}

interface SourceRow {
  partner_id: string | null;
  customer_id: string | null;
  customer_name: string;
  deal_id: string | null;
  opportunity_id: string | null;
  currency: string;
  lines: { productId: string; quantity: number }[];
  related: string[];
}

/** The deal or opportunity, if the caller may see it; what was named must belong together. Null otherwise. */
export async function loadSource(tx: Tx, reach: Reach, wanted: { dealId: string; opportunityId: string }): Promise<Source | null> {
  const params = new Params();
  const sql = wanted.opportunityId
    ? `select s.partner_id, s.customer_id, s.customer_name, s.deal_id, s.id as opportunity_id, s.currency, s.lines, s.related from ref_opportunities s
       where s.id = ${params.add(wanted.opportunityId)} and (${params.add(wanted.dealId || null)}::uuid is null or s.deal_id = $2)`
    : `select s.partner_id, s.customer_id, s.customer_name, s.id as deal_id, s.opportunity_id, s.currency, s.lines, s.related from ref_deals s
       where s.id = ${params.add(wanted.dealId)}`;
  const visible = reach.read.all
    ? 'true'
    : `(${scopeSql(reach.read, 's.partner_id', params)} or exists (select 1 from unnest(s.related) r where ${scopeSql(reach.read, 'r', params)}))`;
  const row = await runOne<SourceRow>(tx, `${sql} and ${visible}`, params.values);
  return (
    row && {
      partnerId: row.partner_id,
      customerId: row.customer_id,
      customerName: row.customer_name,
      dealId: row.deal_id,
      opportunityId: row.opportunity_id,
      currency: row.currency,
      lines: row.lines,
      related: row.related,
    }
  );
}
