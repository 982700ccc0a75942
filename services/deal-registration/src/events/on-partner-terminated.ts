import { SYSTEM } from '@openprm/access';
import { run, type Tx } from '@openprm/postgres';
import { loadDealsById } from '../db/deals';
import type { Deps } from '../deps';
import { releaseProtection } from '../domain/end-deal';
import { storeDeal } from '../usecases/store';

/** An ended partner protects nobody any more; others may claim its customers. */
export async function onPartnerTerminated(tx: Tx, deps: Deps, partnerId: string): Promise<void> {
  const now = deps.clock();
  const rows = await run<{ id: string }>(
    tx,
    `select id from deals where partner_id = $1 and protection->>'state' in ('ACTIVE', 'PROVISIONAL')`,
    [partnerId],
  );
  const deals = await loadDealsById(
    tx,
    rows.map((row) => row.id),
  );
  for (const deal of deals) storeDeal(tx, deps, deal, releaseProtection(deal, 'PARTNER_TERMINATED', now), { actor: SYSTEM, now });
}
