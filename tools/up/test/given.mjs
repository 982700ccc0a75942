import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSameProcess } from '../process-identity.mjs';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

const entry = 'tools/up/test/stub-service.mjs';
const migrate = 'tools/up/test/none.mjs';

export const stubs = [
  { name: 'identity', kind: 'http', entry, migrate, receives: ['sandbox'] },
  { name: 'quoting', kind: 'grpc', entry, migrate, addressVariable: 'QUOTING_ADDRESS' },
  { name: 'gateway', kind: 'http', entry, migrate, after: ['identity'], receives: ['addresses'] },
];

export function givenFolder() {
  const path = mkdtempSync(join(tmpdir(), 'openprm-up-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A program of ours with settings, its output and its end. */
export function givenProgram(file, args = [], env = {}) {
  const child = spawn(process.execPath, [join(root, file), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk) => (output.text += chunk));
  const ended = once(child, 'close').then(([code]) => ({ code, text: output.text }));
  return { child, output, ended };
}

export const readLock = (folder) => JSON.parse(readFileSync(join(folder, 'lock.json'), 'utf8'));

export const aliveOf = (lock) => lock.processes.filter(isSameProcess);
