import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Passwords made by us, kept in one file that only its owner reads: `secret(name)` is the same at every start. */
export function openSecrets(file) {
  const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  return function secret(name) {
    if (!known[name]) {
      known[name] = randomBytes(24).toString('base64url');
      writePrivately(file, known);
    }
    return known[name];
  };
}

/** Writes JSON for this user only, whole or not at all. */
export function writePrivately(file, value) {
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}
