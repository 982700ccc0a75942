import { ProtectionState, RelatedPartnerAccess, type Deal, type Opportunity, type Protection, type RelatedPartner } from '@openprm/contracts/dealregistration';
import type { Customer } from '@openprm/contracts/partnerdirectory';
import { run, toJson, type Tx } from '@openprm/postgres';
import { RELATED } from './quotes';

// An older event never overwrites a newer one: partitions may be replayed, and a topic read from its beginning.

export async function copyCustomer(tx: Tx, customer: Customer): Promise<void> {
  await run(
    tx,
    `insert into ref_customers (id, version, name, country, partner_id) values ($1, $2, $3, $4, $5)
     on conflict (id) do update set version = excluded.version, name = excluded.name, country = excluded.country, partner_id = excluded.partner_id
     where ref_customers.version < excluded.version`,
    [customer.id, Number(customer.etag), customer.name, customer.country, customer.partnerId || null],
  );
}

export async function copyDeal(tx: Tx, deal: Deal): Promise<void> {
  const [customerId, customerName] = [deal.customer?.customerId || null, deal.customer?.name ?? ''];
  await run(
    tx,
    `insert into ref_deals (id, version, partner_id, customer_id, customer_name, opportunity_id, program_id, currency, lines, related) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (id) do update set version = excluded.version, partner_id = excluded.partner_id, customer_id = excluded.customer_id, customer_name = excluded.customer_name,
       opportunity_id = excluded.opportunity_id, program_id = excluded.program_id, currency = excluded.currency, lines = excluded.lines, related = excluded.related
     where ref_deals.version < excluded.version`,
    [deal.id, Number(deal.etag), deal.partnerId || null, customerId, customerName, deal.opportunityId || null, deal.programId || null, deal.amount?.currencyCode ?? '', linesOf(deal), relatedOf(deal.relatedPartners)],
  );
  if (deal.protection) await copyProtection(tx, deal.protection);
}

export async function copyOpportunity(tx: Tx, opportunity: Opportunity): Promise<void> {
  const [customerId, customerName] = [opportunity.customer?.customerId || null, opportunity.customer?.name ?? ''];
  const written = await run(
    tx,
    `insert into ref_opportunities (id, version, partner_id, customer_id, customer_name, deal_id, currency, lines, related) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (id) do update set version = excluded.version, partner_id = excluded.partner_id, customer_id = excluded.customer_id, customer_name = excluded.customer_name,
       deal_id = excluded.deal_id, currency = excluded.currency, lines = excluded.lines, related = excluded.related
     where ref_opportunities.version < excluded.version returning 1`,
    [opportunity.id, Number(opportunity.etag), opportunity.partnerId || null, customerId, customerName, opportunity.dealId || null, opportunity.amount?.currencyCode ?? '', linesOf(opportunity), relatedOf(opportunity.relatedPartners)],
  );
  if (written.length > 0) await followRelated(tx, opportunity.id);
  if (opportunity.protection) await copyProtection(tx, opportunity.protection);
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

// A protection only ever goes forward, so deal and opportunity may tell of it in any order.
const FORWARD = `array_position(array['PROVISIONAL', 'ACTIVE', 'RELEASED', 'EXPIRED'], $8) >= array_position(array['PROVISIONAL', 'ACTIVE', 'RELEASED', 'EXPIRED'], ref_protections.state)`;

async function copyProtection(tx: Tx, protection: Protection): Promise<void> {
  if (!protection.id || !protection.dealId || !protection.endTime) return;
  const state = Object.keys(ProtectionState).find((key) => ProtectionState[key as keyof typeof ProtectionState] === protection.state) ?? '';
  await run(
    tx,
    `insert into ref_protections (id, deal_id, opportunity_id, partner_id, customer_id, families, country, state, ends_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (id) do update set opportunity_id = coalesce(excluded.opportunity_id, ref_protections.opportunity_id), customer_id = coalesce(excluded.customer_id, ref_protections.customer_id),
       families = excluded.families, country = excluded.country, state = excluded.state, ends_at = greatest(excluded.ends_at, ref_protections.ends_at)
     where ${FORWARD}`,
    [protection.id, protection.dealId, protection.opportunityId || null, protection.partnerId, protection.customerId || null, protection.families, protection.country, state, protection.endTime],
  );
}

const linesOf = (source: Deal | Opportunity): string =>
  toJson(source.lines.filter((line) => line.productId).map(({ productId, quantity }) => ({ productId, quantity: quantity || 1 })));

const relatedOf = (partners: RelatedPartner[]): string[] => partners.filter((each) => each.access === RelatedPartnerAccess.AUTHORISED).map((each) => each.partnerId);
