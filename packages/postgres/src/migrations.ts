import type { MigrationInterface, QueryRunner } from 'typeorm';
import { unavailable } from '@openprm/errors';
import { run } from './run';
import type { Database } from './database';

/** A migration from plain SQL. `name` ends in a 13-digit number that gives the order, e.g. `init1700000000001`. */
export function migration(name: string, sql: string): new () => MigrationInterface & { name: string; sql: string } {
  return class {
    name = name;
    sql = sql;
    async up(runner: QueryRunner): Promise<void> {
      await runner.query(sql);
    }
    async down(): Promise<void> {
      throw new Error('Migrations only go forward: write a new one.');
    }
  };
}

/** Applies what is missing. One process at a time: others wait for the lock and find nothing left to do. */
export async function migrate(database: Database): Promise<string[]> {
  const runner = database.createQueryRunner();
  try {
    await runner.query('set lock_timeout = 0; set statement_timeout = 0');
    await runner.query('select pg_advisory_lock(7210001)');
    return (await database.runMigrations()).map((each) => each.name);
  } finally {
    await runner.query('select pg_advisory_unlock(7210001)').catch(() => {});
    await runner.release();
  }
}

/** Refuses to go on with a schema older than the code. */
export async function checkMigrated(database: Database): Promise<void> {
  const rows = await run<{ exists: boolean }>(database, `select to_regclass('migrations') is not null as exists`);
  const applied = rows[0]?.exists ? await run<{ name: string }>(database, 'select name from migrations') : [];
  const missing = database.migrations.filter((each) => !applied.some((row) => row.name === each.name));
  if (missing.length > 0)
    throw unavailable(`The database lacks migrations (${missing.map((each) => each.name).join(', ')}): run dist/migrate.js first.`);
}
