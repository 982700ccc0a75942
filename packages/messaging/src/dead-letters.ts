import { PrmError } from '@openprm/errors';
import { withDecisions, newId, run, runOne, type Database, type Tx } from '@openprm/postgres';
import { toReceivedEvent, type ReceivedEvent } from './cloud-event';
import { claim } from './consume-once';
import { notifyOutbox } from './notify';
import { UndecodableError } from './subscriptions';

/** An event that a consumer has put aside for good, unless somebody has it replayed. */
export interface DeadLetter {
  id: string;
  consumer: string;
  topic: string;
  partition: number;
  event_id: string;
  headers: Record<string, string>;
  key: string | null;
  value: string | null;
  reason: string;
  error: string;
  failed_at: Date;
  replay_requested_at: Date | null;
  replayed_at: Date | null;
}

const PASSING = new Set(['UNAVAILABLE', 'ABORTED', 'DEADLINE_EXCEEDED', 'RESOURCE_EXHAUSTED', 'INTERNAL']);

/** The reason when trying again cannot help: a rule's "no", an unreadable value, data that the database refuses as such. */
export function finalReason(error: unknown): string | null {
  if (error instanceof UndecodableError) return 'UNDECODABLE';
  if (error instanceof PrmError) return PASSING.has(error.code) ? null : error.reason;
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^22[0-9A-Z]{3}$/.test(code) ? 'DATA_REFUSED' : null;
}

/** Puts an event aside; once per consumer and event. */
export async function bury(database: Database, consumer: string, event: ReceivedEvent, reason: string, error: unknown): Promise<void> {
  const { topic, partition, headers, key, value } = event.message;
  await database.transaction(async (tx) => {
    if ((await claim(tx, consumer, [event.id])).size === 0) return;
    await run(
      tx,
      `insert into dead_letters (id, consumer, topic, partition, event_id, headers, key, value, reason, error)
       values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10)`,
      [
        newId(),
        consumer,
        topic,
        partition,
        event.id,
        storable(JSON.stringify(headers)),
        storable(key),
        storable(value),
        reason,
        messageOf(error),
      ],
    );
  });
}

// Postgres can keep every character but NUL, and jsonb refuses its escape as well.
const storable = (text: string | null): string | null => text?.replaceAll('\0', '\uFFFD').replaceAll('\\u0000', '\uFFFD') ?? null;

const messageOf = (error: unknown): string => storable(error instanceof Error ? error.message : String(error)) ?? '';

export interface DeadLetterFilter {
  consumer?: string;
  ids?: string[];
  /** Also those that were replayed. */
  all?: boolean;
}

/** Oldest first, at most 1,000. */
export async function listDeadLetters(database: Database, { consumer, ids, all = false }: DeadLetterFilter = {}): Promise<DeadLetter[]> {
  return run<DeadLetter>(
    database,
    `select * from dead_letters where ($1::text is null or consumer = $1) and ($2::uuid[] is null or id = any($2)) and ($3 or replayed_at is null)
     order by id limit 1000`,
    [consumer ?? null, ids ?? null, all],
  );
}

/** Asks the consumer to try again; it does so within seconds, where it runs. Gives the ids that were asked for. */
export async function replayDeadLetters(database: Database, { consumer, ids }: DeadLetterFilter): Promise<string[]> {
  const rows = await run<{ id: string }>(
    database,
    `update dead_letters set replay_requested_at = now()
     where replayed_at is null and ($1::text is null or consumer = $1) and ($2::uuid[] is null or id = any($2)) returning id`,
    [consumer ?? null, ids ?? null],
  );
  return rows.map((row) => row.id);
}

export const replayDeadLetter = (database: Database, id: string): Promise<string[]> => replayDeadLetters(database, { ids: [id] });

/** Tries what was asked for, one by one. A letter that is refused again says so and waits to be asked for once more. */
export async function replayRequested(
  database: Database,
  consumer: string,
  handle: (tx: Tx, event: ReceivedEvent) => Promise<void>,
): Promise<void> {
  const waiting = await run<{ id: string }>(
    database,
    'select id from dead_letters where consumer = $1 and replay_requested_at is not null and replayed_at is null order by id limit 1000',
    [consumer],
  );
  for (const { id } of waiting) await replayOne(database, id, handle);
  if (waiting.length > 0) notifyOutbox(database);
}

async function replayOne(database: Database, id: string, handle: (tx: Tx, event: ReceivedEvent) => Promise<void>): Promise<void> {
  try {
    await database.transaction(async (tx) => {
      const letter = await runOne<DeadLetter>(
        tx,
        'select * from dead_letters where id = $1 and replayed_at is null for update skip locked',
        [id],
      );
      if (!letter) return;
      await withDecisions(tx, () => handle(tx, toEvent(letter)));
      await run(tx, 'update dead_letters set replayed_at = now() where id = $1', [id]);
    });
  } catch (error) {
    const reason = finalReason(error);
    if (!reason) throw error;
    await run(database, 'update dead_letters set replay_requested_at = null, failed_at = now(), reason = $2, error = $3 where id = $1', [
      id,
      reason,
      messageOf(error),
    ]);
  }
}

function toEvent(letter: DeadLetter): ReceivedEvent {
  const { topic, partition, key, value, headers } = letter;
  return { ...toReceivedEvent({ topic, partition, offset: '-1', key, value, headers }), id: letter.event_id };
}
