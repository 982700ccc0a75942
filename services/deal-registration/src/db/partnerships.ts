import { Params, scopeSql, type Caller } from '@openprm/access';
import { run, runOne, toJson, type Database, type Tx } from '@openprm/postgres';
import type { Terms } from '../domain/terms';
import { toOffers } from './partners';
import { dealScope } from './visible';

/** Terms of a partner's active programs; none for one outside the caller's scope. */
export async function findOffers(database: Database, caller: Caller, partnerId: string): Promise<Terms[]> {
  const params = new Params();
  const row = await runOne<{ offers: Terms[] }>(
    database,
    `select offers from partnerships where partner_id = ${params.add(partnerId)}::uuid and ${scopeSql(dealScope(caller), 'partner_id', params)}`,
    params.values,
  );
  return toOffers(row?.offers ?? null);
}

/** Keeps the newest of what the program service says; an older event changes nothing. */
export async function copyPartnership(tx: Tx, partnerId: string, version: bigint, offers: Terms[]): Promise<void> {
  await run(
    tx,
    `insert into partnerships as p (partner_id, version, offers) values ($1, $2, $3::jsonb)
     on conflict (partner_id) do update set version = excluded.version, offers = excluded.offers where p.version < excluded.version`,
    [partnerId, version, toJson(offers)],
  );
}
