import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const tool = fileURLToPath(new URL('../dead-letters/dead-letters.mjs', import.meta.url));

/** Runs `npm run dead-letters` against a platform. */
export function deadLetters(platform, ...args) {
  const child = spawn(process.execPath, [tool, ...args], { env: { ...process.env, PRM_DATA: platform.folder.path, DATABASE_URL: '' } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
