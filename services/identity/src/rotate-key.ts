import { openDatabase } from '@openprm/postgres';
import { rotateSigningKey } from './db/signing-keys';
import { ACCESS_TOKEN_SECONDS } from './http/provider';

/**
 * `node dist/rotate-key.js [SECONDS]`: adds a signing key that signs after SECONDS (default one hour). Restart every copy once now,
 * so that all publish it, and once when it is due, so that all sign with it. Needs DATABASE_URL only.
 */
async function main(): Promise<void> {
  const seconds = Number(process.argv[2] ?? 3_600);
  if (!Number.isInteger(seconds) || seconds < 0) throw new Error('Usage: rotate-key [SECONDS until the new key signs]');
  if (!process.env['DATABASE_URL']) throw new Error('DATABASE_URL is not set: give the address of the identity database.');
  const database = await openDatabase({ url: process.env['DATABASE_URL'], name: 'identity-rotate-key' });
  try {
    console.log(await rotateSigningKey(database, seconds, 24 * ACCESS_TOKEN_SECONDS));
  } finally {
    await database.destroy();
  }
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
