import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { withClient } from '../databases.mjs';
import { startPostgres } from '../postgres.mjs';
import { startTether } from '../tethered.mjs';
import { givenFolder } from './given.mjs';

const folder = givenFolder();
const tether = startTether();
let postgres;

beforeAll(async () => {
  postgres = await startPostgres({ dataDir: join(folder.path, 'postgres'), durable: false, tether });
}, 60_000);

afterAll(async () => {
  await postgres.stop();
  tether.release();
  folder.remove();
});

const at = (url, database) => Object.assign(new URL(url), { pathname: `/${database}` }).href;
const currentUser = (url) => withClient(url, async (client) => (await client.query('select current_user as name')).rows[0].name);

test('a service enters its own database with its own role', async () => {
  expect(await currentUser(await postgres.createDatabase('quoting'))).toBe('quoting');
});

test('a role cannot reach another database, nor the ones of the server', async () => {
  const own = await postgres.createDatabase('order');
  await postgres.createDatabase('case');
  for (const database of ['case', 'postgres', 'template1'])
    await expect(currentUser(at(own, database))).rejects.toThrow(/permission denied for database/);
});

test('a wrong password is refused', async () => {
  const own = new URL(await postgres.createDatabase('order'));
  own.password = 'guess';
  await expect(currentUser(own.href)).rejects.toThrow(/password authentication failed/);
});

test('a role is no superuser and may make neither databases nor roles', async () => {
  const own = await postgres.createDatabase('order');
  await withClient(own, async (client) => {
    await expect(client.query('create database stolen')).rejects.toThrow(/permission denied/);
    await expect(client.query('create role stolen')).rejects.toThrow(/permission denied/);
  });
});

test('passwords are kept, in a file that only its owner reads', async () => {
  const file = join(folder.path, 'postgres.secrets.json');
  const first = await postgres.createDatabase('order');
  expect(await postgres.createDatabase('order')).toBe(first);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(file, 'utf8')).order).toBe(new URL(first).password);
});
