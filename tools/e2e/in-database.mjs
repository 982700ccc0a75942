import pg from 'pg';

/** A look into a database of the platform, where the API does not say when something has arrived. */
export async function inDatabase(connectionString, work) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
