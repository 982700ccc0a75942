import type { Database, Tx } from '@openprm/postgres';
import type { Log } from '@openprm/telemetry';
import type { Batch, Broker, Subscription } from './broker-port';
import { topics as allTopics, eventType } from './catalog';
import type { ReceivedEvent } from './cloud-event';
import { EventApplier } from './event-applier';
import { beginWhereDue, hasStarted } from './consumer-state';
import { replayRequested } from './dead-letters';
import { backoff, pause } from './pause';
import type { EventHandler } from './subscriptions';
import { restarts } from './consumer-metrics';

export interface ConsumerOptions {
  database: Database;
  broker: Broker;
  /** `<service>.<purpose>`, e.g. `quoting.references`; also the name of the consumer group. */
  consumer: string;
  subscriptions: EventHandler[];
  log: Log;
  /** Told of events whose effect has been committed, e.g. to drop what is kept in memory. */
  afterCommit?: (events: ReceivedEvent[]) => void;
  /** Restarted when nothing has happened for so long while there is something to read; in milliseconds. */
  stallMs?: number;
  /** How often it looks for dead letters to replay and for a reset; in milliseconds. */
  tickMs?: number;
}

export interface Consumer {
  /** Resolves once it reads. A service does not wait for it: it serves also while the broker is away. */
  ready: Promise<void>;
  stop(): Promise<void>;
}

/** Reads events and applies each exactly once to the database, for as long as the process lives. */
export function startConsumer(options: ConsumerOptions): Consumer {
  const consumer = new EventConsumer({ stallMs: 60_000, tickMs: 2_000, afterCommit: () => {}, ...options });
  return { ready: consumer.ready, stop: () => consumer.stop() };
}

class EventConsumer {
  readonly ready: Promise<void>;
  private readonly stopping = new AbortController();
  private readonly applier: EventApplier;
  private readonly topics: string[];
  private readonly ended: Promise<void>;
  private becomeReady = (): void => {};
  private lastSign = Date.now();

  constructor(private readonly options: Required<ConsumerOptions>) {
    this.ready = new Promise((resolve) => (this.becomeReady = resolve));
    this.applier = new EventApplier(options);
    this.topics = [...new Set(this.applier.types().map((type) => eventType(type).topic))];
    this.ended = this.runUntilStopped();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.ended;
  }

  private async runUntilStopped(): Promise<void> {
    const { log, consumer } = this.options;
    const { signal } = this.stopping;
    let failures = 0;
    while (!signal.aborted) {
      const subscription = await this.subscribe().catch((error: unknown) =>
        log[failures === 0 ? 'warn' : 'debug']({ err: error, consumer }, 'cannot subscribe yet, trying again'),
      );
      if (!subscription) {
        await pause(backoff(failures++), signal);
        continue;
      }
      failures = 0;
      this.becomeReady();
      const hung = await this.watch(subscription);
      await subscription.stop(hung ? 0 : undefined);
    }
  }

  private async subscribe(): Promise<Subscription | undefined> {
    const { broker, database, consumer, log } = this.options;
    await broker.ensureTopics(allTopics().filter((each) => this.topics.includes(each.topic)));
    await beginWhereDue(database, broker, consumer, log, this.stopping.signal);
    if (this.stopping.signal.aborted) return undefined;
    this.lastSign = Date.now();
    return broker.subscribe({ group: consumer, topics: this.topics, fromBeginning: true, handle: (batch) => this.handle(batch) });
  }

  private async handle(batch: Batch): Promise<void> {
    try {
      await this.applier.apply(batch);
    } finally {
      this.lastSign = Date.now();
    }
  }

  /** Returns when the subscription has to end: on stop, after a reset, or, with true, when it hangs. */
  private async watch(subscription: Subscription): Promise<boolean> {
    const { database, consumer, log, tickMs } = this.options;
    while (!this.stopping.signal.aborted) {
      await pause(tickMs, this.stopping.signal);
      if (this.stopping.signal.aborted) break;
      try {
        if (!(await hasStarted(database, consumer))) return false;
        if (await this.hangs(subscription)) {
          restarts(1, { consumer });
          log.error({ consumer }, 'no progress although there are events to read: restarting the consumer');
          return true;
        }
        await replayRequested(database, consumer, (tx: Tx, event) => this.applier.handle(tx, event));
      } catch (error) {
        log.warn({ err: error, consumer }, 'a look after the consumer failed');
      }
    }
    return false;
  }

  private async hangs(subscription: Subscription): Promise<boolean> {
    if (Date.now() - this.lastSign < this.options.stallMs) return false;
    // A broker that does not answer is no reason to restart; the client reconnects by itself.
    const lag = await subscription.lag().catch(() => 0);
    if (lag === 0) this.lastSign = Date.now();
    return lag > 0;
  }
}
