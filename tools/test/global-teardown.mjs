import { rmSync } from 'node:fs';

export default async function globalTeardown() {
  if (!globalThis.testPostgres) return;
  const { folder, tether, postgres } = globalThis.testPostgres;
  await postgres.stop();
  tether.release();
  rmSync(folder, { recursive: true, force: true });
}
