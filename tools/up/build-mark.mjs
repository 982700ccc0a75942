import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Changes whenever a compiled file in one of the folders does. */
export function buildMark(folders) {
  const hash = createHash('sha256');
  for (const folder of folders.filter(existsSync)) {
    for (const entry of readdirSync(folder, { recursive: true })
      .filter((name) => name.endsWith('.js'))
      .sort()) {
      const { mtimeMs, size } = statSync(join(folder, entry));
      hash.update(`${folder}/${entry} ${mtimeMs} ${size}\n`);
    }
  }
  return hash.digest('hex');
}
