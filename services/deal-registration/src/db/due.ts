import { run, runOne, type Database, type Tx } from '@openprm/postgres';
import type { Deal } from '../domain/deal';
import type { Terms } from '../domain/terms';
import { fromDealRow, type DealRow } from './deal-rows';
import { partnerColumns, toDomains, toOffers, type PartnerColumns } from './partners';

export interface SystemDeal {
  deal: Deal;
  offers: Terms[];
  partnerDomains: string[];
}

const toSystemDeal = (row: DealRow & PartnerColumns): SystemDeal => ({
  deal: fromDealRow(row),
  offers: toOffers(row.offers),
  partnerDomains: toDomains(row),
});

const joined = 'left join access_partners p on p.id = r.partner_id left join partnerships s on s.partner_id = r.partner_id';

/** A deal for what the platform does by itself; nobody's scope limits it. */
export async function loadDealForSystem(tx: Tx, id: string): Promise<SystemDeal | null> {
  const row = await runOne<DealRow & PartnerColumns>(tx, `select r.*, ${partnerColumns} from deals r ${joined} where r.id = $1`, [id]);
  return row && toSystemDeal(row);
}

/** Deals whose clock has run out, longest first, locked for this transaction; other copies of the service take others. */
export async function lockDueDeals(tx: Tx, now: Date, atMost: number): Promise<SystemDeal[]> {
  const rows = await run<DealRow & PartnerColumns>(
    tx,
    `select r.*, ${partnerColumns} from deals r ${joined} where r.next_timer_at <= $1 order by r.next_timer_at limit $2 for update of r skip locked`,
    [now, atMost],
  );
  return rows.map(toSystemDeal);
}

/** Ids of deals that wait in line although no active protection meets their customer any more; first come, first woken. */
export async function findFreed(database: Database, atMost: number): Promise<string[]> {
  const rows = await run<{ id: string }>(
    database,
    `select d.id from deals d where d.queued and not exists (
       select 1 from customer_claims c where c.active and c.owner_id <> d.id and c.customer_key = any(d.customer_keys))
     order by d.first_complete_at limit $1`,
    [atMost],
  );
  return rows.map((row) => row.id);
}
