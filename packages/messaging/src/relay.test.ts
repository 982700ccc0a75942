import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { poolOf, type Database } from '@openprm/postgres';
import type { Broker, OutgoingMessage } from './broker-port';
import { connectEmbedded } from './embedded';
import { notifyOutbox } from './notify';
import { appendOutbox } from './outbox-row';
import { prune, startRelay, type Relay } from './relay';
import { CUSTOMER_TOPIC, customerUpdated, givenOutbox, namesFrom, quiet } from './testing/events';
import { eventually } from './testing/eventually';
import { testDatabases } from './testing/servers';

const HOUR = 3_600_000;
const databases = testDatabases();
let database: Database;
let busUrl: string;
let broker: Broker;
let relays: Relay[] = [];

beforeEach(async () => {
  database = await databases.newServiceDatabase();
  busUrl = await databases.newDatabase();
  broker = connectEmbedded({ url: busUrl, clientId: 'test', log: quiet });
});

afterEach(async () => {
  await Promise.all(relays.map((each) => each.stop()));
  relays = [];
  await broker.close();
});

afterAll(() => databases.close());

function givenRelay(options: Partial<Parameters<typeof startRelay>[0]> = {}): Relay {
  const relay = startRelay({ database, broker, log: quiet, pollMs: HOUR, ...options });
  relays.push(relay);
  return relay;
}

/** Everything on the topic, in order. */
async function published(): Promise<{ key: string; name: string; headers: Record<string, string> }[]> {
  const client = new pg.Client({ connectionString: busUrl });
  await client.connect();
  const { rows } = await client
    .query<{ key: string; value: string; headers: Record<string, string> }>(
      'select key, value, headers from bus_log where topic = $1 order by "offset"',
      [CUSTOMER_TOPIC],
    )
    .finally(() => client.end());
  return rows.map(({ key, value, headers }) => ({
    key,
    headers,
    name: (JSON.parse(value) as { customer: { name: string } }).customer.name,
  }));
}

const names = async (): Promise<string[]> => (await published()).map((each) => each.name);

const holders = async (): Promise<number[]> =>
  (
    await poolOf(database).query<{ pid: number }>(
      `select pid from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())`,
    )
  ).rows.map((row) => row.pid);

test('what was in the outbox before the start goes out in the order of its ids, each once', async () => {
  const all = namesFrom(0, 1_200);
  await givenOutbox(
    database,
    all.map((name) => customerUpdated('c-1', name)),
  );
  givenRelay();
  await eventually(async () => expect(await names()).toEqual(all));
  await eventually(async () =>
    expect(await database.query('select count(*)::int as open from outbox where published_at is null')).toEqual([{ open: 0 }]),
  );
});

test('a transaction that commits after younger ones is not forgotten', async () => {
  givenRelay();
  await eventually(async () => expect(await holders()).toHaveLength(1));
  await database.transaction(async (tx) => {
    await appendOutbox(tx, [customerUpdated('c-1', 'lower id, commits last')]);
    await givenOutbox(database, [customerUpdated('c-2', 'higher id, commits first')]);
    notifyOutbox(database);
    await eventually(async () => expect(await names()).toEqual(['higher id, commits first']));
  });
  notifyOutbox(database);
  await eventually(async () => expect(await names()).toEqual(['higher id, commits first', 'lower id, commits last']));
});

test('eight writers whose commits come in another order than their ids lose nothing', async () => {
  givenRelay();
  const writer = async (number: number): Promise<void> => {
    for (let step = 0; step < 40; step++) {
      await database.transaction(async (tx) => {
        await appendOutbox(tx, [customerUpdated(`c-${number}`, `v${step}`)]);
        await tx.query('select pg_sleep(random() * 0.01)');
      });
      notifyOutbox(database);
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, number) => writer(number)));
  await eventually(async () => expect(await names()).toHaveLength(320));
  const byKey = Map.groupBy(await published(), (each) => each.key);
  for (const events of byKey.values()) expect(events.map((each) => each.name)).toEqual(namesFrom(0, 40));
});

test('no wake-up is lost: with no poll at all every commit gets through at once', async () => {
  givenRelay();
  await eventually(async () => expect(await holders()).toHaveLength(1));
  for (let step = 0; step < 150; step++) {
    await givenOutbox(database, [customerUpdated('c-1', `v${step}`)]);
    notifyOutbox(database);
    if (step % 3 === 0) await eventually(async () => expect((await names()).at(-1)).toBe(`v${step}`), 2_000);
  }
  await eventually(async () => expect(await names()).toEqual(namesFrom(0, 150)));
});

test('a commit in another process wakes the relay through the database', async () => {
  givenRelay();
  await eventually(async () => expect(await holders()).toHaveLength(1));
  const other = await databases.open((database.options as { url: string }).url);
  await givenOutbox(other, [customerUpdated('c-1', 'from elsewhere')]);
  notifyOutbox(other);
  await eventually(async () => expect(await names()).toEqual(['from elsewhere']));
});

test('a lost notification costs no more than one poll', async () => {
  givenRelay({ pollMs: 100 });
  await eventually(async () => expect(await holders()).toHaveLength(1));
  await givenOutbox(database, [customerUpdated('c-1', 'nobody told')]);
  await eventually(async () => expect(await names()).toEqual(['nobody told']));
});

test('one relay works at a time, and another takes over when its connection dies', async () => {
  const other = await databases.open((database.options as { url: string }).url);
  givenRelay({ pollMs: 50 });
  givenRelay({ pollMs: 50, database: other });
  await eventually(async () => expect(await holders()).toHaveLength(1));
  for (let round = 0; round < 3; round++) {
    await givenOutbox(database, [customerUpdated('c-1', `round ${round}`)]);
    await eventually(async () => expect(await names()).toHaveLength(round + 1));
    const [pid] = await holders();
    await database.query('select pg_terminate_backend($1)', [pid]);
    await eventually(async () => expect((await holders()).filter((each) => each !== pid)).toHaveLength(1));
  }
  expect(await names()).toEqual(['round 0', 'round 1', 'round 2']);
});

test('while the broker is away rows wait, and then go out in order', async () => {
  let away = true;
  const publish = async (messages: OutgoingMessage[]): Promise<void> => {
    if (away) throw new Error('broker away');
    await broker.publish(messages);
  };
  givenRelay({ broker: { ...broker, publish }, pollMs: 50 });
  await givenOutbox(
    database,
    namesFrom(0, 5).map((name) => customerUpdated('c-1', name)),
  );
  notifyOutbox(database);
  await eventually(async () => expect(await holders()).toHaveLength(1));
  expect(await database.query('select count(*)::int as open from outbox where published_at is null')).toEqual([{ open: 5 }]);
  away = false;
  await eventually(async () => expect(await names()).toEqual(namesFrom(0, 5)));
});

test('the trace of the change goes out with the event, not one of the relay', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  givenRelay();
  await givenOutbox(database, [{ ...customerUpdated('c-1', 'traced'), traceparent }]);
  notifyOutbox(database);
  await eventually(async () => expect((await published())[0]?.headers).toMatchObject({ traceparent, ce_subject: 'c-1' }));
});

test('published rows go after their time; those that wait stay', async () => {
  await givenOutbox(
    database,
    namesFrom(0, 2_500).map((name) => customerUpdated('c-1', name)),
  );
  await database.query(`update outbox set published_at = now() - interval '4 days' where id <= 2300`);
  await database.query(`update outbox set published_at = now() where id > 2300 and id <= 2400`);
  const client = await poolOf(database).connect();
  await prune(client, 3 * 24 * HOUR).finally(() => client.release());
  expect(await database.query('select count(*)::int as kept, count(published_at)::int as published from outbox')).toEqual([
    { kept: 200, published: 100 },
  ]);
});

test('it stops cleanly and leaves its lock to the next', async () => {
  const relay = givenRelay();
  await eventually(async () => expect(await holders()).toHaveLength(1));
  await relay.stop();
  await eventually(async () => expect(await holders()).toEqual([]));
  await givenOutbox(database, [customerUpdated(randomUUID(), 'later')]);
  givenRelay();
  await eventually(async () => expect(await names()).toEqual(['later']));
});
