import { run, type Database } from '@openprm/postgres';

/** Quotes that have ended or whose end is to be told, the earliest first. The days are those of NOTICE_DAYS. */
export async function findEnding(database: Database, now: Date, limit: number): Promise<string[]> {
  const rows = await run<{ id: string }>(
    database,
    `select q.id from quotes q where q.state in ('APPROVED', 'PRESENTED') and q.valid_until <= $1::timestamptz + interval '168 hours'
       and (q.valid_until < $1 or q.notice_days is null or (q.notice_days > 1 and q.valid_until <= $1::timestamptz + interval '24 hours'))
     order by q.valid_until, q.id limit $2`,
    [now, limit],
  );
  return rows.map((row) => row.id);
}
