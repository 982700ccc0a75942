import { run, toJson, type Tx } from '@openprm/postgres';
import type { Protection } from '../domain/protection';
import { RELATED } from './quotes';

// An older event never overwrites a newer one: partitions may be replayed, and a topic read from its beginning.

export interface CustomerCopy {
  id: string;
  version: number;
  name: string;
  country: string;
  partnerId: string | null;
}

export async function copyCustomer(tx: Tx, customer: CustomerCopy): Promise<void> {
  await run(
    tx,
    `insert into ref_customers (id, version, name, country, partner_id) values ($1, $2, $3, $4, $5)
     on conflict (id) do update set version = excluded.version, name = excluded.name, country = excluded.country, partner_id = excluded.partner_id
     where ref_customers.version < excluded.version`,
    [customer.id, customer.version, customer.name, customer.country, customer.partnerId],
  );
}

/** A deal or opportunity, as far as a quote takes it over. */
export interface SourceCopy {
  id: string;
  version: number;
  partnerId: string | null;
  customerId: string | null;
  customerName: string;
  currency: string;
  lines: { productId: string; quantity: number }[];
  /** Partners with access to the record. */
  related: string[];
}

export async function copyDeal(tx: Tx, deal: SourceCopy & { opportunityId: string | null; programId: string | null }): Promise<void> {
  await run(
    tx,
    `insert into ref_deals (id, version, partner_id, customer_id, customer_name, opportunity_id, program_id, currency, lines, related) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (id) do update set version = excluded.version, partner_id = excluded.partner_id, customer_id = excluded.customer_id, customer_name = excluded.customer_name,
       opportunity_id = excluded.opportunity_id, program_id = excluded.program_id, currency = excluded.currency, lines = excluded.lines, related = excluded.related
     where ref_deals.version < excluded.version`,
    [
      deal.id,
      deal.version,
      deal.partnerId,
      deal.customerId,
      deal.customerName,
      deal.opportunityId,
      deal.programId,
      deal.currency,
      toJson(deal.lines),
      deal.related,
    ],
  );
}

/** Keeps the copy of an opportunity; its quotes follow who has access to it. */
export async function copyOpportunity(tx: Tx, opportunity: SourceCopy & { dealId: string | null }): Promise<void> {
  const written = await run(
    tx,
    `insert into ref_opportunities (id, version, partner_id, customer_id, customer_name, deal_id, currency, lines, related) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (id) do update set version = excluded.version, partner_id = excluded.partner_id, customer_id = excluded.customer_id, customer_name = excluded.customer_name,
       deal_id = excluded.deal_id, currency = excluded.currency, lines = excluded.lines, related = excluded.related
     where ref_opportunities.version < excluded.version returning 1`,
    [
      opportunity.id,
      opportunity.version,
      opportunity.partnerId,
      opportunity.customerId,
      opportunity.customerName,
      opportunity.dealId,
      opportunity.currency,
      toJson(opportunity.lines),
      opportunity.related,
    ],
  );
  if (written.length > 0) await followRelated(tx, opportunity.id);
}

/** Partners that gained or lost access to the opportunity gain or lose it to its quotes. */
async function followRelated(tx: Tx, opportunityId: string): Promise<void> {
  await run(
    tx,
    `delete from quote_parties x using quotes q where q.opportunity_id = $1 and x.quote_id = q.id and not x.is_owner and not x.has_lines and not (x.partner_id = any(${RELATED}))`,
    [opportunityId],
  );
  await run(
    tx,
    `insert into quote_parties (id, quote_id, partner_id, is_owner, has_lines, has_hidden, state, currency, created_at)
     select gen_random_uuid(), q.id, r.partner_id, false, false, false, q.state, q.currency, q.created_at
     from quotes q cross join lateral unnest(${RELATED}) r (partner_id)
     where q.opportunity_id = $1 and not exists (select 1 from quote_parties x where x.quote_id = q.id and x.partner_id = r.partner_id)`,
    [opportunityId],
  );
}

export interface ProtectionCopy extends Protection {
  id: string;
  /** PROVISIONAL, ACTIVE, RELEASED or EXPIRED. */
  state: string;
}

// A protection only ever goes forward, so deal and opportunity may tell of it in any order.
const ORDER = `array['PROVISIONAL', 'ACTIVE', 'RELEASED', 'EXPIRED']`;

export async function copyProtection(tx: Tx, protection: ProtectionCopy): Promise<void> {
  await run(
    tx,
    `insert into ref_protections (id, deal_id, opportunity_id, partner_id, customer_id, families, country, state, ends_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (id) do update set opportunity_id = coalesce(excluded.opportunity_id, ref_protections.opportunity_id), customer_id = coalesce(excluded.customer_id, ref_protections.customer_id),
       families = excluded.families, country = excluded.country, state = excluded.state, ends_at = greatest(excluded.ends_at, ref_protections.ends_at)
     where array_position(${ORDER}, excluded.state) >= array_position(${ORDER}, ref_protections.state)`,
    [
      protection.id,
      protection.dealId,
      protection.opportunityId,
      protection.partnerId,
      protection.customerId,
      protection.families,
      protection.country,
      protection.state,
      protection.endsAt,
    ],
  );
}
