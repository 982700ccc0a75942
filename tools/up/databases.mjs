import pg from 'pg';

/**
 * Makes sure of a database that only its own role may enter, and gives back its address.
 * @param {string} serverUrl address of a role that may create databases and roles
 * @param {{ database: string, role?: string, password: string }} wanted
 */
export async function ensureDatabase(serverUrl, { database, role = database, password }) {
  await withClient(serverUrl, async (client) => {
    const [db, owner, secret] = [pg.escapeIdentifier(database), pg.escapeIdentifier(role), pg.escapeLiteral(password)];
    const has = async (sql, name) => (await client.query(sql, [name])).rowCount > 0;
    const verb = (await has('select 1 from pg_roles where rolname = $1', role)) ? 'alter' : 'create';
    await client.query(`${verb} role ${owner} login password ${secret}`);
    if (!(await has('select 1 from pg_database where datname = $1', database))) {
      await becomeMember(client, owner);
      await client.query(`create database ${db} owner ${owner}`);
    }
    await client.query(`revoke connect, temporary on database ${db} from public`);
  });
  return addressOf(serverUrl, { database, role, password });
}

/** A server of one's own may give us a role that is no superuser: to hand a database to a role it must belong to it. */
async function becomeMember(client, owner) {
  const { rows } = await client.query('select rolsuper from pg_roles where rolname = current_user');
  if (!rows[0].rolsuper) await client.query(`grant ${owner} to current_user`);
}

export function addressOf(serverUrl, { database, role, password }) {
  const url = new URL(serverUrl);
  Object.assign(url, { username: encodeURIComponent(role), password: encodeURIComponent(password), pathname: `/${database}` });
  return url.href;
}

export async function withClient(url, work) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  // A server that goes away speaks through the query that fails; without a listener it would end this process.
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
