import { createHash } from 'node:crypto';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { poolOf, type Database, type Tx } from './database';

const names = new Map<string, string>();
const listeners = new Set<(call: StatementCall) => void>();

export interface StatementCall {
  sql: string;
  params: unknown[];
}

/**
 * Runs one statement and gives its rows. Statements are prepared once per connection under a name made from their text, which
 * is worth 1.5x on short ones; so build texts from a bounded set of shapes and pass every value as a parameter.
 */
export async function run<Row = Record<string, unknown>>(on: Database | Tx, sql: string, params: unknown[] = []): Promise<Row[]> {
  for (const listener of listeners) listener({ sql, params });
  const client = on instanceof DataSource ? poolOf(on) : await clientOf(on);
  const result = await client.query({ name: nameOf(sql), text: sql, values: params });
  return result.rows as Row[];
}

/** The first row, or null. */
export async function runOne<Row = Record<string, unknown>>(on: Database | Tx, sql: string, params: unknown[] = []): Promise<Row | null> {
  return (await run<Row>(on, sql, params))[0] ?? null;
}

/** The statements that `work` runs, BEGIN and COMMIT aside; for tests that count or explain them. */
export async function recordCalls(work: () => Promise<unknown>): Promise<StatementCall[]> {
  const seen: StatementCall[] = [];
  const listener = (call: StatementCall): void => void seen.push(call);
  listeners.add(listener);
  try {
    await work();
  } finally {
    listeners.delete(listener);
  }
  return seen;
}

/** Their texts. */
export const recordStatements = async (work: () => Promise<unknown>): Promise<string[]> =>
  (await recordCalls(work)).map((call) => call.sql);

async function clientOf(tx: Tx): Promise<pg.PoolClient> {
  if (!tx.queryRunner) throw new Error('A transaction is needed here.');
  return (await tx.queryRunner.connect()) as pg.PoolClient;
}

function nameOf(sql: string): string {
  let name = names.get(sql);
  if (!name) {
    name = createHash('sha1').update(sql).digest('base64url');
    // Past this many shapes somebody builds texts from values; unnamed statements then keep the server's memory bounded.
    if (names.size < 2_000) names.set(sql, name);
  }
  return name;
}
