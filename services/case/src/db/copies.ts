import { run, runOne, type Tx } from '@openprm/postgres';

/** Copies of what other services own; each keeps the version of its source and ignores an older one. */

export interface CustomerCopy {
  id: string;
  name: string;
  partnerId: string | null;
  relationOwner: string;
  version: number;
}

export async function copyCustomer(tx: Tx, customer: CustomerCopy): Promise<void> {
  await run(
    tx,
    `insert into customers (id, name, partner_id, relation_owner, version) values ($1, $2, $3, $4, $5)
     on conflict (id) do update set name = excluded.name, partner_id = excluded.partner_id, relation_owner = excluded.relation_owner, version = excluded.version
     where customers.version < excluded.version`,
    [customer.id, customer.name, customer.partnerId, customer.relationOwner, customer.version],
  );
}

export interface DealCopy {
  id: string;
  partnerId: string;
  customerId: string | null;
  sellingModel: string | null;
  version: number;
}

export async function copyDeal(tx: Tx, deal: DealCopy): Promise<void> {
  await run(
    tx,
    `insert into deals (id, partner_id, customer_id, selling_model, version) values ($1, $2, $3, $4, $5)
     on conflict (id) do update set partner_id = excluded.partner_id, customer_id = excluded.customer_id, selling_model = excluded.selling_model, version = excluded.version
     where deals.version < excluded.version`,
    [deal.id, deal.partnerId, deal.customerId, deal.sellingModel, deal.version],
  );
}

export interface PartnershipCopy {
  partnerId: string;
  supportLevel: string;
  tier: string;
  version: bigint;
}

/** True when it was newer than what was known. */
export async function copyPartnership(tx: Tx, partnership: PartnershipCopy): Promise<boolean> {
  const row = await runOne(
    tx,
    `insert into partnerships (partner_id, support_level, tier, version) values ($1, $2, $3, $4)
     on conflict (partner_id) do update set support_level = excluded.support_level, tier = excluded.tier, version = excluded.version
     where partnerships.version < excluded.version returning 1`,
    [partnership.partnerId, partnership.supportLevel, partnership.tier, partnership.version],
  );
  return row !== null;
}
