import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { run, type Database, type Tx } from '@openprm/postgres';

/** A program that asks on its own behalf with client credentials. */
export interface ProgramClient {
  clientId: string;
  name: string;
  secretHash: string;
}

/** Secrets are 256 random bits, so a plain hash cannot be searched; passwords would need a slow one. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Compares in constant time. */
export const sameText = (left: string, right: string): boolean =>
  timingSafeEqual(createHash('sha256').update(left).digest(), createHash('sha256').update(right).digest());

export async function findClient(sql: Database | Tx, clientId: string): Promise<ProgramClient | undefined> {
  const [row] = (await run(sql, 'select client_id, name, secret_hash from clients where client_id = $1 and active', [clientId])) as {
    client_id: string;
    name: string;
    secret_hash: string;
  }[];
  return row && { clientId: row.client_id, name: row.name, secretHash: row.secret_hash };
}

/** Adds a program, or gives a known one a new secret. The secret is answered once and never stored. */
export async function addClient(sql: Database | Tx, clientId: string, name: string): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  await run(
    sql,
    `insert into clients (client_id, name, secret_hash) values ($1, $2, $3)
     on conflict (client_id) do update set name = excluded.name, secret_hash = excluded.secret_hash, active = true`,
    [clientId, name, hashSecret(secret)],
  );
  return secret;
}
