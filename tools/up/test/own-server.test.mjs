import { jest } from '@jest/globals';
import { join } from 'node:path';
import { withClient } from '../databases.mjs';
import { startPlatform } from '../platform.mjs';
import { startPostgres } from '../postgres.mjs';
import { startTether } from '../tethered.mjs';
import { givenFolder, stubs } from './given.mjs';

jest.setTimeout(60_000);

const folder = givenFolder();
const tether = startTether();
let server;

beforeAll(async () => {
  server = await startPostgres({ dataDir: join(folder.path, 'postgres'), durable: false, tether });
});

afterAll(async () => {
  await server.stop();
  tether.release();
  folder.remove();
});

const given = (options) => startPlatform({ services: stubs, broker: 'embedded', databaseUrl: server.url, ...options });

const asOwner = (sql) => withClient(server.url, (client) => client.query(sql));

test("a server of one's own gets the databases, under a prefix, also from a role that is no superuser", async () => {
  await asOwner("create role builder login createdb createrole password 'p'; grant connect on database postgres to builder");
  const url = Object.assign(new URL(server.url), { username: 'builder', password: 'p' }).href;
  const platform = await given({ databaseUrl: url, databasePrefix: 'built_' });
  expect(new URL(platform.databases.quoting).pathname).toBe('/built_quoting');
  expect(
    await withClient(platform.databases.quoting, async (client) => (await client.query('select current_user as name')).rows[0].name),
  ).toBe('built_quoting');
  await platform.stop();
});

test('two copies cannot share a prefix, and can share a server', async () => {
  const first = await given();
  await expect(given()).rejects.toThrow(/Another running copy uses the databases openprm_/);
  const second = await given({ databasePrefix: 'other_' });
  await Promise.all([first.stop(), second.stop()]);
});

test('a role without the rights is refused', async () => {
  await asOwner("create role guest login password 'p'; grant connect on database postgres to guest");
  const url = Object.assign(new URL(server.url), { username: 'guest', password: 'p' }).href;
  await expect(given({ databaseUrl: url })).rejects.toThrow(/may not create databases and roles/);
});
