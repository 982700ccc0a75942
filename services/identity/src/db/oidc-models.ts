import { errors, type Adapter, type AdapterPayload } from 'oidc-provider';
import { findClient } from './clients';
import { run, type Database, type Tx } from '@openprm/postgres';

interface ModelRow {
  payload: AdapterPayload;
  consumed: boolean;
}

const toPayload = (row: ModelRow | undefined): AdapterPayload | undefined =>
  row && { ...row.payload, ...(row.consumed && { consumed: true }) };

/** Sessions, codes, grants and refresh tokens in one table; programs come from `clients`. */
export function createOidcAdapter(sql: Database | Tx): (kind: string) => Adapter {
  return (kind) => (kind === 'Client' ? clientAdapter(sql) : modelAdapter(sql, kind));
}

function modelAdapter(sql: Database | Tx, kind: string): Adapter {
  const findBy = async (column: 'id' | 'uid' | 'user_code', value: string): Promise<AdapterPayload | undefined> => {
    const [row] = (await run(
      sql,
      `select payload, consumed_at is not null as consumed from oidc_models
       where kind = $1 and ${column} = $2 and (expires_at is null or expires_at > now())`,
      [kind, value],
    )) as ModelRow[];
    return toPayload(row);
  };
  return {
    find: (id) => findBy('id', id),
    findByUid: (uid) => findBy('uid', uid),
    findByUserCode: (userCode) => findBy('user_code', userCode),
    async upsert(id, payload, expiresIn) {
      await run(
        sql,
        `insert into oidc_models (kind, id, payload, uid, user_code, grant_id, expires_at)
         values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7::int))
         on conflict (kind, id) do update set payload = excluded.payload, uid = excluded.uid, user_code = excluded.user_code,
           grant_id = excluded.grant_id, expires_at = excluded.expires_at`,
        [kind, id, JSON.stringify(payload), payload.uid ?? null, payload.userCode ?? null, payload.grantId ?? null, expiresIn ?? null],
      );
    },
    async consume(id) {
      // Guarded, because two requests with the same code or refresh token may both have read it as unused.
      const rows = (await run(
        sql,
        `with used as (update oidc_models set consumed_at = now() where kind = $1 and id = $2 and consumed_at is null returning 1)
         select 1 from used`,
        [kind, id],
      )) as unknown[];
      if (rows.length === 0) throw new errors.InvalidGrant('already used');
    },
    async destroy(id) {
      await run(sql, 'delete from oidc_models where kind = $1 and id = $2', [kind, id]);
    },
    async revokeByGrantId(grantId) {
      await run(sql, 'delete from oidc_models where kind = $1 and grant_id = $2', [kind, grantId]);
    },
  };
}

function clientAdapter(sql: Database | Tx): Adapter {
  const refuse = (): Promise<never> => Promise.reject(new Error('clients are added with dist/add-client.js'));
  return {
    async find(id) {
      const client = await findClient(sql, id);
      return (
        client && {
          client_id: client.clientId,
          client_name: client.name,
          client_secret: client.secretHash,
          grant_types: ['client_credentials'],
          response_types: [],
          redirect_uris: [],
          id_token_signed_response_alg: 'ES256',
        }
      );
    },
    upsert: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
    findByUid: refuse,
    findByUserCode: refuse,
  };
}

/** Removes what has ended. Returns nothing; run by a timer. */
export async function pruneOidcModels(sql: Database | Tx): Promise<void> {
  await run(sql, `delete from oidc_models where expires_at < now() - interval '1 hour'`);
  await run(sql, `delete from signing_keys where retires_at < now() - interval '1 day'`);
}
