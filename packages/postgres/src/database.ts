import pg from 'pg';
import { DataSource, type EntityManager, type EntitySchema } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver';

export type Database = DataSource;
export type Tx = EntityManager;

// Amounts and counters are bigint everywhere; a date without time stays the text it is.
pg.types.setTypeParser(pg.types.builtins.INT8, BigInt);
pg.types.setTypeParser(pg.types.builtins.DATE, String);

export interface DatabaseOptions {
  url: string;
  name: string;
  entities?: EntitySchema[];
  migrations?: (new () => { name: string })[];
  poolSize?: number;
  /** How long a request waits for a connection, and for a lock, before it is refused; 2,000 unless set. */
  waitMs?: number;
  /** How long a statement may take; 5,000 unless set. */
  statementMs?: number;
  /** Told about a broken idle connection; the pool replaces it by itself. */
  onPoolError?: (error: Error) => void;
}

/**
 * Opens a pool. Unless set otherwise statements end after 5 s, waits for a lock or a connection after 2 s; a forgotten transaction
 * ends after 10 s.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return new DataSource({
    type: 'postgres',
    url: options.url,
    applicationName: options.name,
    entities: options.entities ?? [],
    migrations: options.migrations ?? [],
    migrationsTransactionMode: 'each',
    synchronize: false,
    poolErrorHandler: options.onPoolError ?? (() => {}),
    extra: {
      max: options.poolSize ?? 10,
      connectionTimeoutMillis: options.waitMs ?? 2_000,
      idleTimeoutMillis: 30_000,
      statement_timeout: options.statementMs ?? 5_000,
      lock_timeout: options.waitMs ?? 2_000,
      idle_in_transaction_session_timeout: 10_000,
    },
  }).initialize();
}

/** The pg pool under the data source, for statements outside a transaction. */
export const poolOf = (database: Database): pg.Pool => (database.driver as PostgresDriver).master as pg.Pool;
