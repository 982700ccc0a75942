import { ProtectionState, type Deal } from '@openprm/contracts/dealregistration';
import { run, type Tx } from '@openprm/postgres';

/** Keeps who is in charge of a deal and what it protects. */
export async function copyDeal(tx: Tx, deal: Deal): Promise<void> {
  const protection = deal.protection?.state === ProtectionState.ACTIVE ? deal.protection : undefined;
  await run(
    tx,
    `insert into ref_deals (id, partner_id, owner_person_id, customer_id, protected_families, protected_country, protected_until, version) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (id) do update set owner_person_id = excluded.owner_person_id, customer_id = excluded.customer_id, protected_families = excluded.protected_families,
       protected_country = excluded.protected_country, protected_until = excluded.protected_until, version = excluded.version
     where ref_deals.version <= excluded.version`,
    [
      deal.id,
      deal.partnerId,
      deal.ownerPersonId || null,
      protection?.customerId || deal.customer?.customerId || null,
      protection?.families ?? [],
      protection?.country ?? '',
      protection?.endTime ?? null,
      deal.etag,
    ],
  );
}
