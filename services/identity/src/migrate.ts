import { migrate, openDatabase } from '@openprm/postgres';
import { loadConfig } from './config';
import { migrations } from './db/migrations';

/** Applies what is missing in the database, and ends. */
async function main(): Promise<void> {
  const database = await openDatabase({ url: loadConfig().databaseUrl, name: 'identity-migrate', migrations });
  try {
    await migrate(database);
  } finally {
    await database.destroy();
  }
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
