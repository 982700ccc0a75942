import { recordCalls, run, type Database } from '@openprm/postgres';

/** Plans of the SELECT statements that a call runs, as EXPLAIN prints them with the call's own parameters. */
export async function planOf(database: Database, work: () => Promise<unknown>): Promise<string[]> {
  const calls = (await recordCalls(work)).filter(
    ({ sql }) => /^\s*select\b/i.test(sql) && sql.trim() !== 'select 1' && !sql.includes('from access_memberships'),
  );
  return Promise.all(
    calls.map(async ({ sql, params }) =>
      (await run<{ 'QUERY PLAN': string }>(database, `explain ${sql}`, params)).map((row) => row['QUERY PLAN']).join('\n'),
    ),
  );
}
