import { context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type pg from 'pg';
import type { Database, OutboxRow } from '@openprm/postgres';
import { counter, histogram, type Log } from '@openprm/telemetry';
import type { Broker } from './broker-port';
import { toMessage } from './cloud-event';
import { connectionOptions, openConnection } from './connection';
import { OUTBOX_CHANNEL, setLocalRelay } from './notify';
import { backoff, pause, Waker } from './pause';

export interface RelayOptions {
  database: Database;
  broker: Broker;
  log: Log;
  /** How long published rows are kept, in milliseconds; three days unless set. */
  keepPublishedMs?: number;
  /** Longest time between two looks, in milliseconds. */
  pollMs?: number;
}

export interface Relay {
  stop(): Promise<void>;
}

const BATCH = 500;
const PRUNE_EVERY = 60_000;
const PRUNE_BATCH = 1_000;
const RELAY_LOCK = 7_210_002;
const DAY = 86_400_000;

const published = counter('prm_outbox_published', 'Events handed to the broker');
const delay = histogram('prm_outbox_delay', 'From the change to the acknowledgement of the broker');

/** Publishes the service's outbox. Each copy of a service may run one; whoever holds the lock works, the others stand by. */
export function startRelay(options: RelayOptions): Relay {
  const relay = new OutboxRelay({ keepPublishedMs: 3 * DAY, pollMs: 1_000, ...options });
  return { stop: () => relay.stop() };
}

class OutboxRelay {
  private readonly stopping = new AbortController();
  private readonly waker = new Waker();
  private readonly ended: Promise<void>;
  private topicsReady = false;
  private failures = 0;

  constructor(private readonly options: Required<RelayOptions>) {
    // The relay's own spans would say nothing; each event carries the trace of the change that caused it.
    this.ended = context.with(suppressTracing(context.active()), () => this.runUntilStopped());
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.ended;
  }

  private async runUntilStopped(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.runOnOneConnection();
      } catch (error) {
        // Once per outage; the metric shows how long it lasts.
        if (!signal.aborted)
          this.options.log[this.failures === 0 ? 'warn' : 'debug']({ err: error }, 'the outbox relay failed, trying again');
        this.topicsReady = false;
        await pause(backoff(this.failures++), signal);
      }
    }
  }

  /** Reads and marks on the connection that holds the lock: whoever has lost the lock can mark nothing. */
  private async runOnOneConnection(): Promise<void> {
    const lost = new AbortController();
    const client = openConnection(connectionOptions(this.options.database), () => {
      lost.abort();
      this.waker.wake();
    });
    try {
      await client.connect();
      if (await this.becomeHolder(client, lost.signal)) await this.relay(client, lost.signal);
    } finally {
      setLocalRelay(this.options.database, undefined);
      await client.end().catch(() => {});
    }
  }

  private async becomeHolder(client: pg.Client, lost: AbortSignal): Promise<boolean> {
    while (!this.stopping.signal.aborted && !lost.aborted) {
      const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [RELAY_LOCK]);
      if (rows[0]?.held) return true;
      await pause(this.options.pollMs, this.stopping.signal);
    }
    return false;
  }

  private async relay(client: pg.Client, lost: AbortSignal): Promise<void> {
    client.on('notification', () => this.waker.wake());
    await client.query(`listen ${OUTBOX_CHANNEL}`);
    setLocalRelay(this.options.database, () => this.waker.wake());
    let pruneAt = Date.now() + PRUNE_EVERY;
    while (!this.stopping.signal.aborted && !lost.aborted) {
      const sent = await this.sendBatch(client);
      this.failures = 0;
      if (sent === BATCH) continue;
      if (Date.now() >= pruneAt) {
        await prune(client, this.options.keepPublishedMs, this.stopping.signal);
        pruneAt = Date.now() + PRUNE_EVERY;
      }
      await this.waker.wait(this.options.pollMs, this.stopping.signal);
    }
  }

  /** Oldest first, whatever is not yet marked: a change that commits late has a lower id than others already sent. */
  private async sendBatch(client: pg.Client): Promise<number> {
    const { rows } = await client.query<OutboxRow & { id: bigint }>(
      `select id, event_id, topic, key, type, subject, occurred_at, traceparent, audience, value
       from outbox where published_at is null order by id limit $1`,
      [BATCH],
    );
    if (rows.length === 0) return 0;
    await this.prepareTopics();
    await this.options.broker.publish(rows.map(toMessage));
    await client.query('update outbox set published_at = now() where id = any($1::bigint[])', [rows.map((row) => row.id)]);
    published(rows.length);
    for (const row of rows) delay((Date.now() - row.occurred_at.getTime()) / 1_000);
    return rows.length;
  }

  private async prepareTopics(): Promise<void> {
    if (!this.topicsReady) await this.options.broker.ensureTopics();
    this.topicsReady = true;
  }
}

/**
 * Removes what was published long ago, in small steps. It looks at the oldest rows only, which are the ones to go, so it costs
 * the same however many are kept.
 */
export async function prune(client: pg.ClientBase, keepMs: number, signal?: AbortSignal): Promise<void> {
  let removed = PRUNE_BATCH;
  while (removed === PRUNE_BATCH && !signal?.aborted) {
    const result = await client.query(
      `delete from outbox where id in (
         select id from (select id, published_at from outbox order by id limit $1) oldest
         where published_at < now() - make_interval(secs => $2))`,
      [PRUNE_BATCH, keepMs / 1_000],
    );
    removed = result.rowCount ?? 0;
  }
}
