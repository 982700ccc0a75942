import { run, runOne, type Database } from '@openprm/postgres';

/** A browser's session as stored; `tokens` are sealed. Times in UTC. */
export interface StoredSession {
  idHash: string;
  tokens: Buffer;
  name: string;
  principal: string;
  accessExpiresAt: Date;
  expiresAt: Date;
}

export async function insertSession(database: Database, session: StoredSession): Promise<void> {
  await run(
    database,
    'insert into sessions (id_hash, tokens, name, principal, access_expires_at, expires_at) values ($1, $2, $3, $4, $5, $6)',
    [session.idHash, session.tokens, session.name, session.principal, session.accessExpiresAt, session.expiresAt],
  );
}

export async function findSession(database: Database, idHash: string): Promise<StoredSession | null> {
  return runOne<StoredSession>(
    database,
    `select id_hash as "idHash", tokens, name, principal, access_expires_at as "accessExpiresAt", expires_at as "expiresAt"
     from sessions where id_hash = $1 and expires_at > now()`,
    [idHash],
  );
}

/** One process at a time may use the refresh token, which works once; the claim ends by itself when that process dies. */
export async function claimRefresh(database: Database, idHash: string): Promise<boolean> {
  const rows = await run(
    database,
    `update sessions set refreshing_until = now() + interval '10 seconds'
     where id_hash = $1 and (refreshing_until is null or refreshing_until < now()) returning 1`,
    [idHash],
  );
  return rows.length > 0;
}

export async function storeRefreshed(database: Database, idHash: string, tokens: Buffer, accessExpiresAt: Date): Promise<void> {
  await run(database, 'update sessions set tokens = $2, access_expires_at = $3, refreshing_until = null where id_hash = $1', [
    idHash,
    tokens,
    accessExpiresAt,
  ]);
}

export async function deleteSession(database: Database, idHash: string): Promise<void> {
  await run(database, 'delete from sessions where id_hash = $1', [idHash]);
}

export async function deleteExpiredSessions(database: Database): Promise<number> {
  const rows = await run(database, 'delete from sessions where expires_at < now() returning 1');
  return rows.length;
}
