import type pg from 'pg';
import type { Log } from '@openprm/telemetry';
import { STOP_WITHIN, type IncomingMessage, type SubscribeOptions } from './broker-port';
import { openConnection } from './connection';
import { loadPlace, readLog, savePlace } from './embedded-schema';
import { backoff, pause, unlessAborted, Waker } from './pause';

interface Options extends SubscribeOptions {
  connection: pg.ClientConfig;
  prepare: () => Promise<void>;
  pollMs: number;
  log: Log;
}

interface Place {
  topic: string;
  held: boolean;
  next: bigint;
  attempts: number;
  notBefore: number;
}

const BATCH = 500;

export const lockName = (group: string, topic: string): string => `bus:${group}:${topic}`;

/** One member of a group. Whoever holds a topic's lock reads it; when that connection dies, another member takes over. */
export class EmbeddedSubscription {
  private readonly stopping = new AbortController();
  private readonly waker = new Waker();
  private readonly abandoning = new AbortController();
  private readonly ended: Promise<void>;
  private places: Place[] = [];
  private failures = 0;

  constructor(private readonly options: Options) {
    this.ended = this.runUntilStopped();
  }

  /** Topics that this member reads for its group. */
  held(): string[] {
    return this.places.filter((each) => each.held).map((each) => each.topic);
  }

  async stop(graceMs = STOP_WITHIN): Promise<void> {
    this.stopping.abort();
    const timer = setTimeout(() => this.abandoning.abort(), graceMs);
    await this.ended;
    clearTimeout(timer);
  }

  private async runUntilStopped(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.runOnOneConnection();
      } catch (error) {
        if (!signal.aborted)
          this.options.log[this.failures === 0 ? 'warn' : 'debug'](
            { err: error, group: this.options.group },
            'the embedded bus is not reachable, trying again',
          );
        await pause(backoff(this.failures++), signal);
      }
    }
  }

  private async runOnOneConnection(): Promise<void> {
    await this.options.prepare();
    const lost = new AbortController();
    const client = openConnection(this.options.connection, () => {
      lost.abort();
      this.waker.wake();
    });
    try {
      await client.connect();
      client.on('notification', () => this.waker.wake());
      await client.query('listen bus');
      this.failures = 0;
      this.places = this.options.topics.map((topic): Place => ({ topic, held: false, next: 0n, attempts: 0, notBefore: 0 }));
      while (!this.stopping.signal.aborted && !lost.signal.aborted) await this.round(client, this.places, lost.signal);
    } finally {
      this.places = [];
      await client.end().catch(() => {});
    }
  }

  /** Reads each topic once; waits when all are read to their end. */
  private async round(client: pg.Client, places: Place[], lost: AbortSignal): Promise<void> {
    let more = false;
    for (const place of places) {
      if (this.stopping.signal.aborted || lost.aborted) return;
      if (place.notBefore > Date.now() || !(await this.hold(client, place))) continue;
      more = (await this.read(client, place, lost)) || more;
    }
    if (more) return;
    const due = Math.min(
      ...places.filter((each) => each.notBefore > Date.now()).map((each) => each.notBefore - Date.now()),
      this.options.pollMs,
    );
    await this.waker.wait(due, this.stopping.signal);
  }

  private async hold(client: pg.Client, place: Place): Promise<boolean> {
    if (place.held) return true;
    const { group, fromBeginning } = this.options;
    const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 0)) as held', [
      lockName(group, place.topic),
    ]);
    if (!rows[0]?.held) return false;
    const { rows: places } = await client.query<{ place: string | bigint }>(loadPlace, [group, place.topic, fromBeginning]);
    place.next = BigInt(places[0]!.place);
    await client.query(savePlace, [group, place.topic, place.next.toString()]);
    place.held = true;
    return true;
  }

  /** True when there may be more to read. */
  private async read(client: pg.Client, place: Place, lost: AbortSignal): Promise<boolean> {
    const { rows } = await client.query<{ offset: string | bigint; key: string; value: string; headers: Record<string, string> }>(readLog, [
      place.topic,
      place.next.toString(),
      BATCH,
    ]);
    if (rows.length === 0) return false;
    const messages = rows.map((row): IncomingMessage => ({ ...row, topic: place.topic, partition: 0, offset: String(row.offset) }));
    const before = place.next;
    const failed = await this.handle(place, messages, lost);
    if (place.next !== before) await client.query(savePlace, [this.options.group, place.topic, place.next.toString()]);
    if (place.next !== before) place.attempts = 0;
    if (failed) place.notBefore = Date.now() + backoff(place.attempts++);
    return !failed;
  }

  private async handle(place: Place, messages: IncomingMessage[], lost: AbortSignal): Promise<boolean> {
    const done = (message: IncomingMessage): void => void (place.next = BigInt(message.offset) + 1n);
    const isLive = (): boolean => !this.stopping.signal.aborted && !lost.aborted;
    try {
      await unlessAborted(this.options.handle({ topic: place.topic, partition: 0, messages, done, isLive }), this.abandoning.signal);
      return false;
    } catch {
      // Whoever handles has logged it.
      return true;
    }
  }
}
