import pg from 'pg';
import { ensureDatabase } from './databases.mjs';
import { Refusal } from './refusal.mjs';

/**
 * A PostgreSQL server of one's own, used by one copy at a time under its prefix.
 * @returns {Promise<{ label: string, createDatabase: (name: string) => Promise<string>, close: () => Promise<void> }>}
 */
export async function useServer({ databaseUrl, prefix, secret }) {
  const holder = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5000, keepAlive: true });
  holder.on('error', () => {});
  await reach(holder, databaseUrl);
  try {
    await check(holder, prefix);
  } catch (error) {
    await holder.end();
    throw error;
  }
  return {
    label: `server of your own (${describe(databaseUrl)}, databases ${prefix}…)`,
    createDatabase: (name) => ensureDatabase(databaseUrl, { database: prefix + name, password: secret(name) }),
    close: () => holder.end(),
  };
}

async function reach(client, databaseUrl) {
  try {
    await client.connect();
  } catch (error) {
    throw new Refusal(
      `DATABASE_URL (${describe(databaseUrl)}) cannot be used: ${error.message || error.code}. Correct it, start that server, or leave DATABASE_URL out to use the embedded one.`,
    );
  }
}

async function check(client, prefix) {
  const { rows } = await client.query(
    `select rolsuper or (rolcreatedb and rolcreaterole) as able, current_setting('server_version_num')::int / 10000 as version,
            pg_try_advisory_lock(hashtextextended($1, 0)) as free from pg_roles where rolname = current_user`,
    [`openprm ${prefix}`],
  );
  const [{ able, version, free }] = rows;
  if (version < 15) throw new Refusal(`DATABASE_URL is a PostgreSQL ${version} server: version 15 or later is needed.`);
  if (!able)
    throw new Refusal('The role in DATABASE_URL may not create databases and roles: give it CREATEDB and CREATEROLE, or use another role.');
  if (!free)
    throw new Refusal(
      `Another running copy uses the databases ${prefix}… at DATABASE_URL: stop it, or choose another PRM_DATABASE_PREFIX.`,
    );
}

const describe = (databaseUrl) => new URL(databaseUrl).host;
