import { jest } from '@jest/globals';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { until } from '../ready.mjs';
import { startPlatform } from '../platform.mjs';
import { givenFolder, stubs } from './given.mjs';

jest.setTimeout(60_000);

const given = (options) => startPlatform({ services: stubs, broker: 'embedded', durable: false, ...options });
const environmentOfGateway = async ({ gateway }) => (await fetch(gateway)).json();

test('two copies run side by side, each with its own databases, and stop without a trace', async () => {
  const copies = await Promise.all([given(), given()]);
  const [first, second] = copies;
  expect(first.gateway).not.toBe(second.gateway);
  expect(first.databases.quoting).not.toBe(second.databases.quoting);
  expect((await environmentOfGateway(first)).QUOTING_ADDRESS).toBe(first.addresses.quoting);
  await Promise.all(copies.map((one) => one.stop()));
  for (const { folder } of copies) expect(existsSync(folder.path)).toBe(false);
});

test('what scripts need is in runtime.json, which only its owner reads, as long as the platform runs', async () => {
  const folder = givenFolder();
  const platform = await given({ dataDir: folder.path });
  const runtime = JSON.parse(readFileSync(platform.runtimeFile, 'utf8'));
  expect(statSync(platform.runtimeFile).mode & 0o777).toBe(0o600);
  expect(runtime).toMatchObject({
    gateway: platform.gateway,
    identity: platform.identity,
    broker: { kind: 'embedded' },
    processes: platform.processes(),
  });
  await platform.stop();
  expect(existsSync(platform.runtimeFile)).toBe(false);
  folder.remove();
});

test('services see their own settings and not the secrets of others', async () => {
  const platform = await given();
  const seen = await environmentOfGateway(platform);
  expect(seen).toMatchObject({
    DATABASE_URL: platform.databases.gateway,
    BUS_DATABASE_URL: platform.broker.busDatabaseUrl,
    OIDC_AUDIENCE: 'openprm',
    PUBLIC_URL: platform.gateway,
  });
  expect(seen.SANDBOX_SECRET).toBeUndefined();
  await platform.stop();
});

test('a service that dies is started again, and it is said', async () => {
  const said = [];
  const platform = await given({ say: (line) => said.push(line) });
  const before = platform.processes().quoting;
  await platform.kill('quoting');
  await until(() => said.includes('quoting is back.'), { seconds: 20 });
  expect(said).toContainEqual(expect.stringMatching(/^quoting ended \(SIGKILL\) and is started again/));
  expect(platform.processes().quoting).not.toBe(before);
  expect(JSON.parse(readFileSync(platform.runtimeFile, 'utf8')).processes.quoting).toBe(platform.processes().quoting);
  await platform.stop();
});

test('Postgres that dies comes back with its data', async () => {
  const said = [];
  const platform = await given({ say: (line) => said.push(line) });
  await platform.kill('postgres');
  await until(() => said.includes('postgres is back.'), { seconds: 30 });
  await platform.stop();
});

test('a service that is kept down stays down until it is revived', async () => {
  const platform = await given();
  await platform.kill('quoting', { stayDown: true });
  const down = platform.processes().quoting;
  await platform.revive('quoting');
  expect(platform.processes().quoting).not.toBe(down);
  await platform.stop();
});

test('a service that fails at its start fails the start, with its last words, and leaves nothing running', async () => {
  process.env.STUB_FAILS = '1';
  const folder = givenFolder();
  try {
    await expect(given({ dataDir: folder.path })).rejects.toThrow(/ended at its start \(exit code 1\)[^]*DATABASE_URL: is not set/);
    expect(existsSync(`${folder.path}/lock.json`)).toBe(false);
  } finally {
    delete process.env.STUB_FAILS;
    folder.remove();
  }
});

test('a taken port is refused before anything starts', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await expect(given({ port })).rejects.toThrow(
    `Port ${port} is taken: stop the program that uses it, or choose another with PRM_PORT=${port + 1}.`,
  );
  server.close();
});

test('a second start on the same folder is refused', async () => {
  const folder = givenFolder();
  const platform = await given({ dataDir: folder.path });
  await expect(given({ dataDir: folder.path })).rejects.toThrow(/OpenPRM already runs on the data folder/);
  await platform.stop();
  folder.remove();
});

test('a folder that cannot be made is refused', async () => {
  await expect(given({ dataDir: '/dev/null/data' })).rejects.toThrow(/cannot be used: .*not a folder.*PRM_DATA/);
});

test("a broker or server of one's own that does not answer is refused", async () => {
  await expect(given({ kafkaBrokers: '127.0.0.1:1' })).rejects.toThrow(/KAFKA_BROKERS=127.0.0.1:1 does not answer/);
  await expect(given({ databaseUrl: 'postgres://u:p@127.0.0.1:1/postgres' })).rejects.toThrow(
    /DATABASE_URL \(127.0.0.1:1\) cannot be used/,
  );
});
