import { readFileSync } from 'node:fs';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import type { Broker } from './broker-port';
import { topics } from './catalog';
import { connectKafka, PARTITIONS } from './kafka';
import { describeBroker } from './testing/broker-contract';
import { eventually } from './testing/eventually';
import { startKafka, whyNoKafka, type KafkaServer } from './testing/kafka-server';
import { quiet } from './testing/events';

test('the idle-loop patch fits the client version it was written for', () => {
  const { version } = JSON.parse(readFileSync(require.resolve('kafkajs/package.json'), 'utf8')) as { version: string };
  expect(version).toBe('2.2.4');
});

test('a connection with nothing to send arms no timer, one that is throttled does', () => {
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
      configs: await admin.describeConfigs({ includeSynonyms: false, resources: wanted.map((each) => ({ type: 2, name: each.topic, configNames: ['cleanup.policy', 'retention.ms'] })) }),
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
});
