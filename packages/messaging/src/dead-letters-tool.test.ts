import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { failedPrecondition } from '@openprm/errors';
import { CustomerUpdated } from '@openprm/contracts/partnerdirectory';
import type { Database } from '@openprm/postgres';
import type { Broker } from './broker-port';
import { toMessage } from './cloud-event';
import { startConsumer } from './consumer';
import { listDeadLetters } from './dead-letters';
import { connectEmbedded } from './embedded';
import { on } from './subscriptions';
import { customerUpdated, quiet } from './testing/events';
import { eventually } from './testing/eventually';
import { testDatabases } from './testing/servers';

const TOOL = join(__dirname, '..', '..', '..', 'tools', 'dead-letters', 'dead-letters.mjs');
const databases = testDatabases();
let database: Database;
let broker: Broker;
let strict = true;
let consumer: { stop(): Promise<void> };

beforeAll(async () => {
  database = await databases.newServiceDatabase();
  broker = connectEmbedded({ url: await databases.newDatabase(), clientId: 'test', log: quiet, pollMs: 200 });
  const subscriptions = [
    on(CustomerUpdated, async (tx, { customer }) => {
      if (strict) throw failedPrecondition('NOT_LIKED', 'A rule says no.');
      await tx.query('insert into effects (subject) values ($1)', [customer!.name]);
    }),
  ];
  consumer = startConsumer({ database, broker, consumer: 'test.references', subscriptions, log: quiet, tickMs: 50 });
});
afterAll(async () => {
  await consumer.stop();
  await broker.close();
  await databases.close();
});

/** Runs the command as a person does. */
function run(...args: string[]): Promise<{ code: number | null; out: string; error: string }> {
  const child = spawn(process.execPath, [TOOL, ...args], {
    env: { ...process.env, DATABASE_URL: (database.options as { url: string }).url },
  });
  let out = '';
  let error = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (error += chunk));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, error })));
}

test('letters are listed, refused again while the rule stands, and applied when it is gone', async () => {
  await broker.publish([toMessage(customerUpdated('c-1', 'late'))]);
  await eventually(async () => expect(await listDeadLetters(database)).toHaveLength(1));
  const listed = await run('list');
  expect(listed).toMatchObject({
    code: 0,
    out: expect.stringContaining('prm.partnerdirectory.v1.CustomerUpdated  c-1  NOT_LIKED: A rule says no.'),
  });
  expect(listed.out).toContain('1 dead letter');
  expect(await run('replay')).toMatchObject({ code: 2, out: expect.stringContaining('0 replayed, 1 refused again, 0 still waiting') });
  strict = false;
  const [letter] = await listDeadLetters(database);
  expect(await run('replay', '--service', 'quoting', '--id', letter!.id)).toMatchObject({
    code: 0,
    out: expect.stringContaining('1 replayed, 0 refused again'),
  });
  expect(await database.query('select subject from effects')).toEqual([{ subject: 'late' }]);
  expect((await run('list', '--all', '--json')).out).toContain('"reason":"NOT_LIKED"');
});

test('a service rebuilds its copies when asked to', async () => {
  strict = false;
  await database.query('truncate effects');
  expect(await run('rebuild', '--service', 'quoting')).toMatchObject({
    code: 0,
    out: expect.stringContaining('test.references: will read all topics from the beginning'),
  });
  await eventually(async () => expect(await database.query('select subject from effects')).toEqual([{ subject: 'late' }]));
});

test.each([
  [['lost'], 'What is lost?'],
  [[], 'Say list, replay or rebuild.'],
  [['replay', '--id', '7'], '7 is not the id of a letter'],
  [['rebuild'], 'Name the service'],
])('wrong usage %j is answered with one line', async (args, message) => {
  const { code, error } = await run(...args);
  expect({ code, lines: error.trim().split('\n').length }).toEqual({ code: 1, lines: 1 });
  expect(error).toContain(message);
});

test('it says how it is used', async () => {
  expect(await run('--help')).toMatchObject({ code: 0, out: expect.stringContaining('Usage: npm run dead-letters') });
});
