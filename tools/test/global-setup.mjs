// One throw-away PostgreSQL for a whole jest run. Test files clone their databases in it: see packages/testing.
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../up/postgres.mjs';
import { startTether } from '../up/tethered.mjs';

/** Sets TEST_POSTGRES_URL (superuser); a run that was given one keeps it and starts nothing. */
export default async function globalSetup() {
  if (process.env.TEST_POSTGRES_URL) return;
  const folder = mkdtempSync(join(tmpdir(), 'openprm-test-'));
  // PostgreSQL may run as another user, who has to pass here.
  chmodSync(folder, 0o711);
  const tether = startTether();
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), durable: false, tether });
  process.env.TEST_POSTGRES_URL = postgres.url;
  globalThis.testPostgres = { folder, tether, postgres };
}
