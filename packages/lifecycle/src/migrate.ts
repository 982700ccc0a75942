import { postgresUrl, readConfig } from '@openprm/config';
import { migrate, openDatabase, type Database } from '@openprm/postgres';
import { runProcess } from './process';

type Migrations = Parameters<typeof openDatabase>[0]['migrations'] & object;

/** Applies migrations and ends; the whole of a service's migrate.ts. `afterwards` may fill what an empty database needs. */
export function runMigrations(
  name: string,
  migrations: Migrations,
  afterwards: (database: Database) => Promise<void> = async () => {},
): Promise<void> {
  return runProcess(`${name}-migrate`, async (log) => {
    const { DATABASE_URL } = readConfig({ DATABASE_URL: postgresUrl() });
    const database = await openDatabase({ url: DATABASE_URL, name: `${name}-migrate`, migrations, poolSize: 2 });
    const applied = await migrate(database);
    await afterwards(database);
    await database.destroy();
    log.info({ applied }, 'migrated');
    process.exit(0);
  });
}
