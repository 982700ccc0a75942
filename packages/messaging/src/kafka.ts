import { context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import {
  Kafka,
  Partitioners,
  logLevel,
  type Admin,
  type Consumer,
  type EachBatchPayload,
  type IHeaders,
  type KafkaMessage,
  type Producer,
  type SASLOptions,
} from 'kafkajs';
import type { Log } from '@openprm/telemetry';
import {
  STOP_WITHIN,
  type Broker,
  type IncomingMessage,
  type OutgoingMessage,
  type SubscribeOptions,
  type Subscription,
} from './broker-port';
import { topics as allTopics, type Topic } from './catalog';
import { GroupBusyError } from './group-busy';
import { kafkaLog } from './kafka-log';
import { backoff, pause, unlessAborted } from './pause';

export interface KafkaSecurity {
  ssl?: boolean;
  sasl?: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string };
}

export interface KafkaOptions {
  brokers: string[];
  clientId: string;
  log: Log;
  security?: KafkaSecurity;
}

export const PARTITIONS = 6;

quietenIdleLoop();

/** A broker on Kafka. Nothing connects before it is used, and what fails to connect tries again at its next use. */
export function connectKafka({ brokers, clientId, log, security }: KafkaOptions): Broker {
  const kafka = new Kafka({
    clientId,
    brokers,
    ssl: security?.ssl ?? false,
    ...(security?.sasl && { sasl: security.sasl as SASLOptions }),
    connectionTimeout: 3_000,
    retry: { initialRetryTime: 200, retries: 4 },
    logLevel: logLevel.INFO,
    logCreator: kafkaLog(log),
  });
  const producer = new Publisher(kafka);
  const subscriptions = new Set<Subscription>();

  return {
    publish: (messages) => producer.publish(messages),
    ensureTopics: (wanted = allTopics()) => withAdmin(kafka, (admin) => createMissing(admin, wanted)),
    async subscribe(options) {
      const subscription = new KafkaSubscription(kafka, options, log);
      subscriptions.add(subscription);
      return {
        lag: () => subscription.lag(),
        stop: (graceMs) => subscription.stop(graceMs).finally(() => subscriptions.delete(subscription)),
      };
    },
    resetGroup: (group) => withAdmin(kafka, (admin) => deleteGroup(admin, group)),
    lag: (group, topics) => withAdmin(kafka, (admin) => measureLag(admin, group, topics, everything)),
    async close() {
      await Promise.all([...subscriptions].map((each) => each.stop()));
      await producer.close();
    },
  };
}

/** One idempotent producer; replaced after a failure, because its sequence numbers may then be out of step for good. */
class Publisher {
  private connected: Promise<Producer> | undefined;

  constructor(private readonly kafka: Kafka) {}

  async publish(messages: OutgoingMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const topicMessages = [...Map.groupBy(messages, (each) => each.topic)].map(([topic, each]) => ({
      topic,
      messages: each.map(({ key, value, headers }) => ({ key, value, headers })),
    }));
    try {
      const producer = await (this.connected ??= this.connect());
      // Instrumentation would overwrite each message's own traceparent with the relay's.
      await context.with(suppressTracing(context.active()), () => producer.sendBatch({ acks: -1, topicMessages }));
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const { connected } = this;
    this.connected = undefined;
    await connected?.then((producer) => producer.disconnect()).catch(() => {});
  }

  private async connect(): Promise<Producer> {
    // Bounded retries: whoever publishes still has the messages and sends them again.
    const retry = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5 };
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry,
    });
    await producer.connect();
    return producer;
  }
}

const HEARTBEAT = 3_000;
const LEADERS_WITHIN = 15_000;
const LEAVE_WITHIN = 1_500;

/** One member of a consumer group, which keeps trying to join until it is stopped. */
class KafkaSubscription implements Subscription {
  private readonly stopping = new AbortController();
  private readonly abandoning = new AbortController();
  private readonly attempts = new Map<string, number>();
  private assignment: Record<string, number[]> = {};
  private consumer: Consumer | undefined;
  private joined: Promise<void>;

  constructor(
    private readonly kafka: Kafka,
    private readonly options: SubscribeOptions,
    private readonly log: Log,
  ) {
    this.joined = this.joinUntilStopped();
  }

  lag(): Promise<number> {
    const { group, topics, fromBeginning } = this.options;
    const held = (topic: string, partition: number): boolean => this.assignment[topic]?.includes(partition) ?? false;
    return withAdmin(this.kafka, (admin) => measureLag(admin, group, topics, { partition: held, fromBeginning }));
  }

  async stop(graceMs = STOP_WITHIN): Promise<void> {
    this.stopping.abort();
    const gone = new AbortController();
    const abandon = setTimeout(() => this.abandoning.abort(), graceMs);
    const left = this.joined.then(() => this.consumer?.disconnect()).catch(() => {});
    // A broker that does not answer must not keep the process either.
    await Promise.race([left, pause(graceMs + LEAVE_WITHIN, gone.signal)]);
    gone.abort();
    clearTimeout(abandon);
  }

  private async joinUntilStopped(): Promise<void> {
    const { signal } = this.stopping;
    for (let attempt = 0; !signal.aborted; attempt++) {
      const consumer = this.newConsumer();
      try {
        return await this.join(consumer);
      } catch (error) {
        await consumer.disconnect().catch(() => {});
        this.log[attempt === 0 ? 'warn' : 'debug']({ err: error, group: this.options.group }, 'Kafka is not reachable, trying again');
        await pause(backoff(attempt), signal);
      }
    }
  }

  private async join(consumer: Consumer): Promise<void> {
    const { topics, fromBeginning } = this.options;
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart && !this.stopping.signal.aborted) this.joined = this.joinUntilStopped();
    });
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => void (this.assignment = payload.memberAssignment));
    await consumer.connect();
    await consumer.subscribe({ topics, fromBeginning });
    await consumer.run({ eachBatchAutoResolve: false, eachBatch: (payload) => this.onBatch(payload) });
    this.consumer = consumer;
  }

  // A leader notices a rebalance only when its fetch returns, hence the short wait; members are thrown out of the group when
  // they take longer than the rebalance timeout to come back, hence the long one.
  private newConsumer(): Consumer {
    return this.kafka.consumer({
      groupId: this.options.group,
      allowAutoTopicCreation: false,
      maxWaitTimeInMs: 300,
      sessionTimeout: 10_000,
      rebalanceTimeout: 60_000,
      heartbeatInterval: HEARTBEAT,
      retry: { initialRetryTime: 200, maxRetryTime: 5_000, retries: 8, restartOnFailure: async () => !this.stopping.signal.aborted },
    });
  }

  private async onBatch({ batch, resolveOffset, heartbeat, pause: hold, isRunning, isStale }: EachBatchPayload): Promise<void> {
    const { topic, partition } = batch;
    const place = `${topic}:${partition}`;
    const beat = setInterval(() => void heartbeat().catch(() => {}), HEARTBEAT);
    try {
      const handled = this.options.handle({
        topic,
        partition,
        messages: batch.messages.map((message) => toIncoming(topic, partition, message)),
        done: (message) => {
          resolveOffset(message.offset);
          this.attempts.delete(place);
        },
        isLive: () => isRunning() && !isStale() && !this.stopping.signal.aborted,
      });
      await unlessAborted(handled, this.abandoning.signal);
    } catch {
      // Whoever handles has logged it. Held back, the partition is fetched again from what is not done; the others go on.
      this.resumeLater(place, hold());
    } finally {
      clearInterval(beat);
    }
    await heartbeat();
  }

  private resumeLater(place: string, resume: () => void): void {
    const attempt = this.attempts.get(place) ?? 0;
    this.attempts.set(place, attempt + 1);
    void pause(backoff(attempt), this.stopping.signal).then(resume);
  }
}

async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect().catch(() => {});
  }
}

async function createMissing(admin: Admin, wanted: Topic[]): Promise<void> {
  const present = new Set(await admin.listTopics());
  const topics = wanted
    .filter((each) => !present.has(each.topic))
    .map(({ topic, compacted }) => ({
      topic,
      numPartitions: PARTITIONS,
      configEntries: compacted
        ? [{ name: 'cleanup.policy', value: 'compact' }]
        : [
            { name: 'cleanup.policy', value: 'delete' },
            { name: 'retention.ms', value: '-1' },
          ],
    }));
  // Another service may be creating the same ones; the client answers that with false, not with an error.
  if (topics.length === 0) return;
  await admin.createTopics({ topics, waitForLeaders: false });
  await untilLed(
    admin,
    topics.map((each) => each.topic),
  );
}

// The client's own wait for leaders fails when the broker it asks has not yet heard of the topic.
async function untilLed(admin: Admin, names: string[]): Promise<void> {
  for (const end = Date.now() + LEADERS_WITHIN; ; await pause(50)) {
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: names });
      if (topics.every((topic) => topic.partitions.every((each) => each.leader >= 0))) return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    if (Date.now() > end) throw new Error('The new topics have no leaders yet.');
  }
}

async function deleteGroup(admin: Admin, group: string): Promise<void> {
  try {
    await admin.deleteGroups([group]);
  } catch (error) {
    const types = ((error as { groups?: { error?: { type?: string } }[] }).groups ?? []).map((each) => each.error?.type);
    if (types.includes('GROUP_ID_NOT_FOUND')) return;
    if (types.includes('NON_EMPTY_GROUP')) throw new GroupBusyError(group);
    throw error;
  }
}

interface Counted {
  partition: (topic: string, partition: number) => boolean;
  /** Whether a partition in which the group has no place yet is all still to be read. */
  fromBeginning: boolean;
}

const everything: Counted = { partition: () => true, fromBeginning: true };

async function measureLag(admin: Admin, groupId: string, topics: string[], counted: Counted): Promise<number> {
  const committed = await admin.fetchOffsets({ groupId, topics });
  const lags = committed.map(async ({ topic, partitions }) => {
    const ends = await admin.fetchTopicOffsets(topic);
    return ends
      .filter(({ partition }) => counted.partition(topic, partition))
      .reduce((sum, { partition, high, low }) => {
        const at = partitions.find((each) => each.partition === partition)?.offset ?? '-1';
        const start = counted.fromBeginning ? low : high;
        return sum + Number(BigInt(high) - BigInt(at === '-1' ? start : at));
      }, 0);
  });
  return (await Promise.all(lags)).reduce((sum, lag) => sum + lag, 0);
}

/** Keys, values and headers as text. */
export function toIncoming(topic: string, partition: number, message: KafkaMessage): IncomingMessage {
  return {
    topic,
    partition,
    offset: message.offset,
    key: text(message.key),
    value: text(message.value),
    headers: textHeaders(message.headers),
  };
}

const text = (value: Buffer | null): string | null => value?.toString('utf8') ?? null;

const textHeaders = (headers: IHeaders | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name, String(Array.isArray(value) ? (value.at(-1) ?? '') : (value ?? ''))]),
  );

/**
 * kafkajs 2.2.4 re-arms a timer with a negative delay for ever: every millisecond per connection, 3 % of a core when idle and
 * a warning from Node 24. Nothing waits and nothing is throttled in that case, so there is nothing to schedule.
 */
function quietenIdleLoop(): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the client has no types for its inner parts
  const queue = require('kafkajs/src/network/requestQueue') as {
    prototype: { scheduleCheckPendingRequests: (this: RequestQueue) => void };
  };
  const original = queue.prototype.scheduleCheckPendingRequests;
  queue.prototype.scheduleCheckPendingRequests = function schedule(this: RequestQueue): void {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) original.call(this);
  };
}

interface RequestQueue {
  pending: unknown[];
  throttledUntil: number;
}
