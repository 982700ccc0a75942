import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { identify, isSameProcess } from './process-identity.mjs';
import { Refusal, toRefusal } from './refusal.mjs';
import { openSecrets, writePrivately } from './secrets.mjs';
import { stopProcesses } from './stop-process.mjs';

const megabyte = 1024 * 1024;
const needed = { first: 300 * megabyte, later: 50 * megabyte };

/**
 * Takes the folder for this process alone; processes left over by a starter that was killed are ended first.
 * @throws Refusal when another copy runs in it, or it cannot be written
 */
export async function openDataFolder(path, { url, say = () => {} } = {}) {
  try {
    return await open(path, url, say);
  } catch (error) {
    throw toRefusal(error, path);
  }
}

async function open(path, url, say) {
  const isNew = !existsSync(join(path, 'state.json'));
  makeFolder(path);
  checkSpace(path, isNew ? needed.first : needed.later);
  const lockFile = join(path, 'lock.json');
  const lock = { ...identify(process.pid), url, processes: [] };
  await takeLock(lockFile, lock, path, say);
  mkdirSync(join(path, 'logs'), { recursive: true });

  const stateFile = join(path, 'state.json');
  const state = { ports: {}, ...readJson(stateFile) };
  const runtimeFile = join(path, 'runtime.json');
  return {
    path,
    isNew,
    runtimeFile,
    secret: openSecrets(join(path, 'secrets.json')),
    file: (...names) => join(path, ...names),
    logFile: (name) => join(path, 'logs', `${name}.log`),
    /** What the next start should know: ports, the sample, the kind of broker. */
    state,
    saveState: () => writePrivately(stateFile, state),
    /** Keeps the lock's list of processes current, so that a later start can end what was left over. */
    record: (processes) => writePrivately(lockFile, { ...lock, processes }),
    writeRuntime: (runtime) => writePrivately(runtimeFile, runtime),
    release() {
      for (const file of [runtimeFile, lockFile]) rmSync(file, { force: true });
    },
  };
}

function makeFolder(path) {
  // PostgreSQL may run as another user, who has to pass here; what is secret is closed by itself.
  if (makeMissing(path)) chmodSync(path, 0o755);
  const probe = join(path, `.probe-${process.pid}`);
  writeFileSync(probe, Buffer.alloc(65_536));
  rmSync(probe);
}

/** Folder by folder: the recursive mkdir of Node hides why one cannot be made, and never ends below /proc. */
function makeMissing(path) {
  if (existsSync(path)) return false;
  if (dirname(path) !== path) makeMissing(dirname(path));
  mkdirSync(path);
  return true;
}

function checkSpace(path, bytes) {
  const { bavail, bsize } = statfsSync(path);
  const free = bavail * bsize;
  if (free >= bytes) return;
  throw new Refusal(
    `Only ${Math.floor(free / megabyte)} MB are free for the data folder ${path}, ${bytes / megabyte} MB are needed: free some space, or choose another folder with PRM_DATA=/some/folder.`,
  );
}

async function takeLock(file, lock, path, say) {
  for (;;) {
    try {
      writeFileSync(file, JSON.stringify(lock), { flag: 'wx', mode: 0o600 });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = readJson(file);
    if (holder?.pid && isSameProcess(holder)) throw inUse(path, holder);
    // Written a moment ago by somebody who has not filled it yet?
    if (!holder) await pause(200);
    if (!holder && readJson(file)) continue;
    if (holder?.processes?.some(isSameProcess)) {
      say('Ending what an earlier start left over …');
      await stopProcesses(holder.processes, 8000);
    }
    rmSync(file, { force: true });
  }
}

function inUse(path, { pid, url }) {
  return new Refusal(
    `OpenPRM already runs on the data folder ${path} (process ${pid}${url ? `, ${url}` : ''}): stop it first, or start another copy with PRM_PORT and PRM_DATA of its own.`,
  );
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
