import { readFileSync } from 'node:fs';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { CustomerUpdated } from '@openprm/contracts/partnerdirectory';
import type { Database, OutboxRow } from '@openprm/postgres';
import type { Broker } from './broker-port';
import { topics } from './catalog';
import { startConsumer, type Consumer, type ConsumerOptions } from './consumer';
import { resetConsumer } from './consumer-state';
import { connectKafka, PARTITIONS } from './kafka';
import { notifyOutbox } from './notify';
import { startRelay } from './relay';
import { on } from './subscriptions';
import { describeBroker } from './testing/broker-contract';
import { eventually } from './testing/eventually';
import { startKafka, whyNoKafka, type KafkaServer } from './testing/kafka-server';
import { customerUpdated, givenOutbox, namesFrom, quiet } from './testing/events';
import { testDatabases } from './testing/servers';

test('the idle-loop patch fits the client version it was written for', () => {
  const { version } = JSON.parse(readFileSync(require.resolve('kafkajs/package.json'), 'utf8')) as { version: string };
  expect(version).toBe('2.2.4');
});

test('a connection with nothing to send arms no timer, one that is throttled does', () => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the client has no types for its inner parts
  const Queue = require('kafkajs/src/network/requestQueue') as { prototype: { scheduleCheckPendingRequests(): void } };
  const idle = { pending: [], throttledUntil: -1, throttleCheckTimeoutId: null as NodeJS.Timeout | null };
  const throttled = { ...idle, throttledUntil: Date.now() + 60_000 };
  for (const each of [idle, throttled]) Queue.prototype.scheduleCheckPendingRequests.call(each);
  expect(idle.throttleCheckTimeoutId).toBeNull();
  expect(throttled.throttleCheckTimeoutId).not.toBeNull();
  clearTimeout(throttled.throttleCheckTimeoutId!);
});

const missing = whyNoKafka();
if (missing) console.warn(`The tests on real Kafka are left out: ${missing}.`);

(missing ? describe.skip : describe)('Kafka', () => {
  let server: KafkaServer;
  let broker: Broker;
  const connect = (clientId = 'test'): Broker => connectKafka({ brokers: [server.brokers], clientId, log: quiet });

  beforeAll(async () => {
    server = await startKafka();
    broker = connect();
  }, 180_000);
  afterAll(async () => {
    await broker.close();
    await server.stop();
  }, 30_000);

  describeBroker(() => ({ connect }));

  async function withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = new Kafka({ clientId: 'admin', brokers: [server.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    return work(admin).finally(() => admin.disconnect());
  }

  test('topics of the contracts have six partitions; compacted ones are compacted, the others keep everything', async () => {
    await broker.ensureTopics();
    const wanted = topics();
    const { metadata, configs } = await withAdmin(async (admin) => ({
      metadata: await admin.fetchTopicMetadata({ topics: wanted.map((each) => each.topic) }),
      configs: await admin.describeConfigs({
        includeSynonyms: false,
        resources: wanted.map((each) => ({ type: 2, name: each.topic, configNames: ['cleanup.policy', 'retention.ms'] })),
      }),
    }));
    expect(new Set(metadata.topics.map((each) => each.partitions.length))).toEqual(new Set([PARTITIONS]));
    for (const { topic, compacted } of wanted) {
      const entries = configs.resources.find((each) => each.resourceName === topic)!.configEntries;
      const found = Object.fromEntries(entries.map((each) => [each.configName, each.configValue]));
      expect({ topic, policy: found['cleanup.policy'] }).toEqual({ topic, policy: compacted ? 'compact' : 'delete' });
      if (!compacted) expect(found['retention.ms']).toBe('-1');
    }
  });

  test('several services may create topics at the same time', async () => {
    const services = ['a', 'b', 'c'].map((each) => connect(each));
    await Promise.all(services.map((each) => each.ensureTopics([{ topic: 'test.v1.raced', compacted: true, types: [] }])));
    await Promise.all(services.map((each) => each.close()));
  });

  test('a subscription that finds no topic waits for it', async () => {
    const seen: (string | null)[] = [];
    const subscription = await broker.subscribe({
      group: 'early',
      topics: ['test.v1.late'],
      fromBeginning: true,
      handle: async ({ messages, done }) => {
        seen.push(...messages.map((each) => each.value));
        done(messages.at(-1)!);
      },
    });
    await broker.ensureTopics([{ topic: 'test.v1.late', compacted: false, types: [] }]);
    await broker.publish([{ topic: 'test.v1.late', key: 'k', value: 'v', headers: {} }]);
    await eventually(() => expect(seen).toEqual(['v']), 20_000);
    await subscription.stop();
  });

  test('publishing goes on after a failure, with a new producer', async () => {
    await expect(broker.publish([{ topic: 'test.v1.nowhere', key: 'k', value: 'v', headers: {} }])).rejects.toThrow();
    await broker.ensureTopics([{ topic: 'test.v1.somewhere', compacted: false, types: [] }]);
    await expect(broker.publish([{ topic: 'test.v1.somewhere', key: 'k', value: 'v', headers: {} }])).resolves.toBeUndefined();
  });

  describe('from outbox to inbox', () => {
    const databases = testDatabases();
    const EVENTS = 600;
    const KEYS = 20;
    let running: { stop(): Promise<void> }[] = [];

    afterEach(async () => {
      await Promise.all(running.map((each) => each.stop()));
      running = [];
    });
    afterAll(() => databases.close());

    function givenConsumer(database: Database, consumer: string, options: Partial<ConsumerOptions> = {}): Consumer {
      const subscriptions = [
        on(
          CustomerUpdated,
          async (tx, { customer }) =>
            void (await tx.query('insert into effects (subject, note) values ($1, $2)', [customer!.id, customer!.name])),
        ),
      ];
      const started = startConsumer({ database, broker, consumer, subscriptions, log: quiet, tickMs: 200, ...options });
      running.push(started);
      return started;
    }

    const givenRelay = (database: Database): void => void running.push(startRelay({ database, broker, log: quiet, pollMs: 100 }));

    const counted = async (database: Database): Promise<number> =>
      (await database.query<{ count: number }[]>('select count(*)::int as count from effects'))[0]!.count;

    async function expectEachKeyInOrder(database: Database, keys: string[], count: number): Promise<void> {
      for (const key of keys) {
        const rows = await database.query<{ note: string }[]>('select note from effects where subject = $1 order by place', [key]);
        expect(rows.map((row) => row.note)).toEqual(namesFrom(0, count));
      }
    }

    const keysOf = (prefix: string): string[] => Array.from({ length: KEYS }, (_, index) => `${prefix}-${index}`);
    const roundsOf = (keys: string[], from: number, to: number): OutboxRow[] =>
      Array.from({ length: to - from }, (_, round) => keys.map((key) => customerUpdated(key, `v${from + round}`))).flat();

    test('every event takes effect once and in order, though the broker is killed on the way', async () => {
      const [writer, reader] = [await databases.newServiceDatabase(), await databases.newServiceDatabase()];
      const keys = keysOf('killed');
      givenRelay(writer);
      await givenConsumer(reader, 'chain.killed').ready;
      await givenOutbox(writer, roundsOf(keys, 0, 10));
      notifyOutbox(writer);
      await eventually(async () => expect(await counted(reader)).toBeGreaterThan(0), 20_000);
      await server.kill();
      await givenOutbox(writer, roundsOf(keys, 10, 30));
      notifyOutbox(writer);
      await server.start();
      await eventually(async () => expect(await counted(reader)).toBe(EVENTS), 60_000);
      await expectEachKeyInOrder(reader, keys, 30);
    }, 120_000);

    test('a fresh database reads all topics again, and so does a reset while two copies run', async () => {
      const old = await databases.newServiceDatabase();
      const first = givenConsumer(old, 'chain.rebuilt');
      await eventually(async () => expect(await counted(old)).toBe(EVENTS), 30_000);
      await first.stop();
      const fresh = await databases.newServiceDatabase();
      givenConsumer(fresh, 'chain.rebuilt');
      givenConsumer(fresh, 'chain.rebuilt');
      await eventually(async () => expect(await counted(fresh)).toBe(EVENTS), 30_000);
      await fresh.query('truncate effects');
      await resetConsumer(fresh, 'chain.rebuilt');
      await eventually(async () => expect(await counted(fresh)).toBe(EVENTS), 30_000);
      await expectEachKeyInOrder(fresh, keysOf('killed'), 30);
    }, 120_000);

    test('a consumer that hangs leaves the group, and its successor goes on at once', async () => {
      const database = await databases.newServiceDatabase();
      let hang = true;
      const subscriptions = [
        on(CustomerUpdated, async (tx, { customer }) => {
          if (hang) {
            hang = false;
            await tx.query('rollback');
            await new Promise(() => {});
          }
          await tx.query('insert into effects (subject) values ($1)', [customer!.id]);
        }),
      ];
      givenConsumer(database, 'chain.hung', { subscriptions, stallMs: 500 });
      await eventually(async () => expect(await counted(database)).toBe(EVENTS), 25_000);
    }, 60_000);

    test('a consumer that fails on one partition goes on with the others', async () => {
      const [writer, reader] = [await databases.newServiceDatabase(), await databases.newServiceDatabase()];
      const keys = keysOf('partly');
      givenRelay(writer);
      let broken = true;
      const subscriptions = [
        on(CustomerUpdated, async (tx, { customer }) => {
          if (!customer!.id.startsWith('partly')) return;
          if (broken && customer!.id === 'partly-0') throw new Error('not now');
          await tx.query('insert into effects (subject, note) values ($1, $2)', [customer!.id, customer!.name]);
        }),
      ];
      givenConsumer(reader, 'chain.partly', { subscriptions });
      await givenOutbox(writer, roundsOf(keys, 0, 5));
      notifyOutbox(writer);
      await eventually(
        async () =>
          expect(
            new Set((await reader.query<{ subject: string }[]>('select subject from effects')).map((row) => row.subject)).size,
          ).toBeGreaterThan(KEYS / 2),
        30_000,
      );
      expect(await reader.query(`select 1 from effects where subject = 'partly-0'`)).toEqual([]);
      broken = false;
      await eventually(async () => expect(await counted(reader)).toBe(5 * KEYS), 30_000);
      await expectEachKeyInOrder(reader, keys, 5);
    }, 90_000);
  });
});
