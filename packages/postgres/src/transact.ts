import { deserialize, serialize } from 'node:v8';
import { PrmError, aborted, failedPrecondition, unavailable } from '@openprm/errors';
import type { Database, Tx } from './database';
import type { Actor, Decision } from './decision';
import { flush, type Answer } from './flush';
import { run, runOne } from './run';
import { openUnit } from './unit';

/** A request as a use case sees it: who asks, when, and how a repeat of it is known. */
export interface Command {
  actor: Actor;
  principal: string;
  method: string;
  now: Date;
  /** Chosen by the caller; the same key never acts twice. */
  requestId?: string;
  /** Hash of the request, so that a reused key with another body is refused. */
  fingerprint: string;
}

export interface Transacting {
  database: Database;
  /** Called after each commit that may have left something in the outbox. */
  afterCommit?: () => void;
}

/**
 * Runs `work` in one transaction and writes what it decided with `saveDecision` in one statement at the end, together with the
 * answer when the command has a request id.
 *
 * The happy path pays nothing for idempotency: a repeat runs into the kept answer's unique key, or into a refusal, and only then
 * is the kept answer looked up. Two at once: the second waits for the first on that key.
 */
export async function transact<T>(deps: Transacting, command: Command, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    const result = await attempt(deps, command, work);
    deps.afterCommit?.();
    return result;
  } catch (error) {
    const kept = command.requestId ? await keptAnswer<T>(deps.database, command, error) : undefined;
    if (kept) return kept.answer;
    throw error;
  }
}

async function attempt<T>(deps: Transacting, command: Command, work: (tx: Tx) => Promise<T>): Promise<T> {
  const decisions: Decision[] = [];
  try {
    return await deps.database.transaction(async (tx) => {
      const unit = openUnit(tx);
      const result = await work(tx);
      decisions.push(...unit.decisions);
      await flush(tx, unit.decisions, answerOf(command, result));
      return result;
    });
  } catch (error) {
    throw translate(error, decisions);
  }
}

/**
 * Runs `work` inside a transaction that is already open and writes what it decided with `saveDecision` in one statement; for
 * consumers, whose transaction also holds the inbox.
 */
export async function withDecisions<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  const unit = openUnit(tx);
  try {
    const result = await work();
    await flush(tx, unit.decisions, null);
    return result;
  } catch (error) {
    throw translate(error, unit.decisions);
  }
}

function answerOf(command: Command, result: unknown): Answer | null {
  if (!command.requestId) return null;
  const { principal, method, fingerprint, requestId } = command;
  return { principal, key: requestId, method, fingerprint, answer: serialize(result) };
}

async function keptAnswer<T>(database: Database, command: Command, error: unknown): Promise<{ answer: T } | undefined> {
  if (error instanceof PrmError && error.code === 'UNAVAILABLE') return undefined;
  const row = await runOne<{ method: string; fingerprint: string; answer: Buffer }>(
    database,
    'select method, fingerprint, answer from idempotency where principal = $1 and key = $2',
    [command.principal, command.requestId],
  );
  if (!row) return undefined;
  if (row.fingerprint !== command.fingerprint || row.method !== command.method) {
    throw failedPrecondition('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another request: choose a new one.');
  }
  return { answer: deserialize(row.answer) as T };
}

interface PgError extends Error {
  code?: string;
  constraint?: string;
}

/** NUL in text and in JSON, a time and a number out of range: faults of what was sent that no contract rule names. */
const UNSTORABLE = new Set(['22021', '22P05', '22007', '22008', '22003']);

const unstorable = (): PrmError =>
  new PrmError(
    'INVALID_ARGUMENT',
    'UNSTORABLE',
    'A value cannot be stored: leave out NUL characters, and dates and numbers beyond all bounds.',
  );

/** Turns what Postgres says into what a caller may hear; anything unknown stays as it is and is answered with INTERNAL. */
export function translate(error: unknown, decisions: Decision[] = []): unknown {
  const { code, constraint, message } = error as PgError;
  const answer = constraint && decisions.map((decision) => decision.conflicts?.[constraint]).find(Boolean);
  if (answer) return answer();
  if (code === '23505' && (constraint === 'idempotency_pkey' || constraint === 'audit_log_pkey')) return aborted();
  if (code && UNSTORABLE.has(code)) return unstorable();
  if (code === '40001' || code === '40P01' || code === '55P03')
    return aborted('Another command is working on the same record: repeat.', 'CONTENTION');
  if (code?.startsWith('08') || code === '57P01' || code === '57P02' || code === '57P03' || code === '53300' || code === '25P03')
    return unavailable('The database is not reachable just now: repeat.');
  if (
    /Connection terminated|timeout exceeded when trying to connect|ECONNREFUSED|ECONNRESET|Client has encountered a connection error/.test(
      message ?? '',
    )
  )
    return unavailable('The database is not reachable just now: repeat.');
  return error;
}

/** Forgets answers older than `days` days, at most 1,000 at a time; returns how many went. */
export async function forgetAnswers(database: Database, days: number): Promise<number> {
  const rows = await run(
    database,
    `delete from idempotency where (principal, key) in
      (select principal, key from idempotency where created_at < now() - make_interval(days => $1) order by created_at limit 1000) returning 1`,
    [days],
  );
  return rows.length;
}
