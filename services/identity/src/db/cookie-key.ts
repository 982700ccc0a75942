import { randomBytes } from 'node:crypto';
import { run, type Database, type Tx } from '@openprm/postgres';

/** The key that signs this provider's own cookies, made once and shared by all copies. */
export async function ensureCookieKey(sql: Database | Tx): Promise<string> {
  await run(sql, `insert into secrets (name, value) values ('cookie', $1) on conflict do nothing`, [randomBytes(32).toString('base64url')]);
  const [row] = (await run(sql, `select value from secrets where name = 'cookie'`)) as { value: string }[];
  if (!row) throw new Error('the cookie key is missing');
  return row.value;
}
