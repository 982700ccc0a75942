import { ROOT_CONTEXT, SpanKind, context, propagation, trace } from '@opentelemetry/api';
import { withDecisions, type Database, type Tx } from '@openprm/postgres';
import type { Log } from '@openprm/telemetry';
import type { Batch, IncomingMessage } from './broker-port';
import { toReceivedEvent, type ReceivedEvent } from './cloud-event';
import { claim, consumeOnce } from './consume-once';
import { consumed, consumerDelay } from './consumer-metrics';
import { bury, finalReason } from './dead-letters';
import { notifyOutbox } from './notify';
import type { EventHandler } from './subscriptions';

interface Options {
  database: Database;
  consumer: string;
  subscriptions: EventHandler[];
  log: Log;
  afterCommit: (events: ReceivedEvent[]) => void;
}

// Large enough that commits do not count, small enough that a failure repeats little and locks are short.
const TOGETHER = 200;

/** Applies messages to the database: many in one transaction while all goes well, one by one when one of them does not. */
export class EventApplier {
  private readonly handlers: Map<string, EventHandler>;

  constructor(private readonly options: Options) {
    const pairs = options.subscriptions.flatMap((each) => each.types.map((type) => [type, each] as const));
    this.handlers = new Map(pairs);
    if (this.handlers.size < pairs.length)
      throw new Error(`${options.consumer} subscribes twice to one event type: give each its own consumer.`);
  }

  types(): string[] {
    return [...this.handlers.keys()];
  }

  async apply(batch: Batch): Promise<void> {
    for (let start = 0; start < batch.messages.length && batch.isLive(); start += TOGETHER) {
      const messages = batch.messages.slice(start, start + TOGETHER);
      if (!(await this.applyTogether(messages))) await this.applyOneByOne(batch, messages);
      else batch.done(messages.at(-1)!);
    }
  }

  /** Runs the handler within the trace of the change that the event tells of. */
  handle(tx: Tx, event: ReceivedEvent): Promise<void> {
    const handler = this.handlers.get(event.type);
    if (!handler) throw new Error(`${this.options.consumer} no longer subscribes to ${event.type}.`);
    const origin = propagation.extract(ROOT_CONTEXT, { traceparent: event.traceparent ?? undefined });
    const span = trace.getTracer('openprm').startSpan(`consume ${event.type}`, { kind: SpanKind.CONSUMER }, origin);
    return context.with(trace.setSpan(origin, span), () => handler.handle(tx, event)).finally(() => span.end());
  }

  private async applyTogether(messages: IncomingMessage[]): Promise<boolean> {
    const { database, consumer, log } = this.options;
    const events = messages.map((each) => this.wanted(each)).filter((each) => each !== null);
    if (events.length === 0) return true;
    if (messages.length === 1) return false;
    try {
      const applied = await database.transaction((tx) => this.applyAll(tx, events));
      this.report(applied);
      return true;
    } catch (error) {
      log.debug({ err: error, consumer }, 'a batch failed, going on one by one');
      return false;
    }
  }

  private async applyAll(tx: Tx, events: ReceivedEvent[]): Promise<ReceivedEvent[]> {
    const fresh = await claim(
      tx,
      this.options.consumer,
      events.map((each) => each.id),
    );
    // The same event twice in one batch is applied at its first place.
    const due = events.filter((each) => fresh.delete(each.id));
    for (const event of due) await withDecisions(tx, () => this.handle(tx, event));
    return due;
  }

  private async applyOneByOne(batch: Batch, messages: IncomingMessage[]): Promise<void> {
    for (const message of messages) {
      if (!batch.isLive()) return;
      const event = this.wanted(message);
      if (event) await this.applyOne(event);
      batch.done(message);
    }
  }

  private async applyOne(event: ReceivedEvent): Promise<void> {
    const { database, consumer, log } = this.options;
    const about = {
      consumer,
      event: event.id,
      type: event.type,
      topic: event.message.topic,
      partition: event.message.partition,
      offset: event.message.offset,
    };
    try {
      if (await consumeOnce(database, consumer, event.id, (tx) => this.handle(tx, event))) this.report([event]);
    } catch (error) {
      const reason = finalReason(error);
      consumed(1, { consumer, outcome: reason ? 'refused' : 'failed' });
      if (!reason) {
        log.warn({ ...about, err: error }, 'an event could not be applied, its partition waits');
        throw error;
      }
      await bury(database, consumer, event, reason, error);
      log.warn({ ...about, reason }, 'an event was refused and put among the dead letters');
    }
  }

  /** The event when this consumer wants its type; tombstones of compacted topics carry none. */
  private wanted(message: IncomingMessage): ReceivedEvent | null {
    if (message.value === null) return null;
    const event = toReceivedEvent(message);
    return this.handlers.has(event.type) ? event : null;
  }

  private report(events: ReceivedEvent[]): void {
    const { database, consumer, afterCommit } = this.options;
    if (events.length === 0) return;
    notifyOutbox(database);
    consumed(events.length, { consumer, outcome: 'applied' });
    for (const event of events) consumerDelay((Date.now() - event.time.getTime()) / 1_000, { consumer });
    afterCommit(events);
  }
}
