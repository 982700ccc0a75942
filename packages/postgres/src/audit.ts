import type { AuditEntry } from './decision';
import type { Database, Tx } from './database';
import { run } from './run';

/** The audit rows of one aggregate, oldest first; one statement. */
export async function loadAudit(
  on: Database | Tx,
  aggregateId: string,
): Promise<(Omit<AuditEntry, 'aggregate' | 'aggregateId' | 'at'> & { at: Date; version: number })[]> {
  const rows = await run<{ version: number; at: Date; entry: AuditEntry }>(
    on,
    'select version, at, entry from audit_log where aggregate_id = $1 order by version',
    [aggregateId],
  );
  return rows.map((row) => ({ ...row.entry, at: row.at, version: row.version }));
}

/** Ids of aggregates whose chain of audit rows is broken: a row changed, missing or out of order. Empty when all is well. */
export async function brokenAuditChains(on: Database | Tx): Promise<string[]> {
  const rows = await run<{ aggregate_id: string }>(
    on,
    `select distinct aggregate_id from (
       select aggregate_id, version, hash, previous_hash,
         lag(hash) over w as expected_previous, lag(version) over w as before,
         encode(sha256(convert_to(coalesce(previous_hash, '') || aggregate_id || version || extract(epoch from at) || entry::text, 'UTF8')), 'hex') as expected
       from audit_log window w as (partition by aggregate_id order by version)) chained
     where hash <> expected or previous_hash is distinct from expected_previous or (before is not null and version <> before + 1)`,
  );
  return rows.map((row) => row.aggregate_id);
}
