import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { run, type Database, type Tx } from '@openprm/postgres';

/** Elliptic curve signatures: short tokens, fast to verify. */
export const SIGNING_ALGORITHM = 'ES256';

async function makeKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), use: 'sig', alg: SIGNING_ALGORITHM };
}

/**
 * Private keys, the one that signs first. A key that is not yet due to sign is published all the same, so that verifiers know
 * it before the first token arrives.
 */
export async function loadSigningKeys(sql: Database | Tx): Promise<JWK[]> {
  const rows = (await run(
    sql,
    `select jwk from signing_keys where retires_at is null or retires_at > now()
     order by signs_from <= now() desc, signs_from desc`,
  )) as { jwk: JWK }[];
  return rows.map((row) => row.jwk);
}

/** The first process that starts makes the first key; of several at once one wins and all use its key. */
export async function ensureSigningKey(sql: Database | Tx): Promise<JWK[]> {
  const known = await loadSigningKeys(sql);
  if (known.length > 0) return known;
  const jwk = await makeKey();
  await run(sql, `insert into signing_keys (kid, jwk, first, signs_from) values ($1, $2, true, now()) on conflict do nothing`, [
    jwk.kid,
    JSON.stringify(jwk),
  ]);
  return loadSigningKeys(sql);
}

/**
 * Adds a key that signs after `publishSeconds`; the keys before it stay published until every token they signed has ended.
 * Returns the new key's id.
 */
export async function rotateSigningKey(sql: Database | Tx, publishSeconds: number, keepSeconds: number): Promise<string> {
  const jwk = await makeKey();
  await run(
    sql,
    `with older as (update signing_keys set retires_at = now() + make_interval(secs => $3::int + $4::int) where retires_at is null)
     insert into signing_keys (kid, jwk, signs_from) values ($1, $2, now() + make_interval(secs => $3::int))`,
    [jwk.kid, JSON.stringify(jwk), publishSeconds, keepSeconds],
  );
  return jwk.kid ?? '';
}
