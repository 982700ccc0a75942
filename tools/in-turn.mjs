// Two copies may be started from one checkout at once; what changes the checkout itself is done by one at a time.
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Runs `work` when no other process does the same in this folder; a process that died keeps nobody waiting. */
export async function inTurn(folder, name, work, wait = () => {}) {
  const file = join(tmpdir(), `openprm-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}-${name}.lock`);
  for (let told = false; !take(file); told = true) {
    if (!told) wait();
    await pause(200);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    // A folder for temporary files that cannot be written is no reason not to work.
    if (error.code !== 'EEXIST') return true;
    if (!isHeld(file)) rmSync(file, { force: true });
    return false;
  }
}

function isHeld(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    // Just made and not yet filled.
    if (!pid) return true;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
