// Installs what package-lock.json says when it changed, then runs a program on the project's own Node.
// Needs nothing but the caller's Node 20 or later and npm.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTurn } from './in-turn.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');
const windows = process.platform === 'win32';
const stamp = join(root, 'node_modules', '.installed');

if (Number(process.versions.node.split('.')[0]) < 20) fail(`Node 20 or later is needed; this is ${process.versions.node}.`);
await installWhenStale();
const pinned = join(bin, windows ? 'node.cmd' : 'node');
const node = existsSync(pinned) ? pinned : process.execPath;
if (node === process.execPath && Number(process.versions.node.split('.')[0]) < 24) {
  fail('No Node 24 for this platform among the dependencies: install Node 24 and try again.');
}
const child = spawn(node, process.argv.slice(2), {
  stdio: 'inherit',
  env: { ...process.env, OPENPRM_RUN: '1', PATH: [bin, dirname(process.execPath), process.env.PATH].join(delimiter) },
  shell: windows,
});
// A terminal sends SIGINT to the child as well, who takes two at once for one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
// npm passes signals on, but cannot when it is killed outright; then somebody above us has a new parent.
const above = lineage();
const watch = setInterval(() => process.env.npm_lifecycle_event && lineage() !== above && endWithThem(), 500).unref();
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));

async function installWhenStale() {
  if (isCurrent()) return;
  console.error('Installing dependencies (once, and again when they change) …');
  await inTurn(root, 'install', install, () => console.error('Another start is installing: waiting for it …'));
}

function install() {
  // Whoever was first may have done it for us.
  if (isCurrent()) return;
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['inherit', 2, 2],
    shell: windows,
  });
  if (status !== 0) fail('npm ci failed: see the lines above.');
  writeFileSync(stamp, lockHash());
}

function endWithThem() {
  clearInterval(watch);
  child.kill('SIGTERM');
}

/** Our parent; where that is the shell which npm runs scripts in, also the shell's parent. */
function lineage() {
  const parent = process.ppid;
  try {
    const [, name, grandparent] = /^\d+ \((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${parent}/stat`, 'utf8'));
    return /^(ba|da|a)?sh$/.test(name) ? `${parent} ${grandparent}` : String(parent);
  } catch {
    return String(parent);
  }
}

function isCurrent() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash();
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
