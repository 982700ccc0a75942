import { closeSync, existsSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { spawn } from 'node:child_process';

const largest = 10 * 1024 * 1024;

/** Keeps one older file, so that logs of a copy that is started daily stay small. */
export function turnOver(file) {
  if (existsSync(file) && statSync(file).size > largest) renameSync(file, `${file}.1`);
}

export const sizeOf = (file) => (existsSync(file) ? statSync(file).size : 0);

/** What was written after `from`, at most the last 64 kB of it. */
export function readFrom(file, from = 0) {
  if (!existsSync(file)) return '';
  const end = statSync(file).size;
  const start = Math.max(Math.min(from, end), end - 65_536);
  const buffer = Buffer.alloc(end - start);
  const handle = openSync(file, 'r');
  try {
    return buffer.toString('utf8', 0, readSync(handle, buffer, 0, buffer.length, start));
  } finally {
    closeSync(handle);
  }
}

export function lastLines(file, { from = 0, count = 8 } = {}) {
  return readFrom(file, from)
    .split('\n')
    .filter((line) => line.trim())
    .slice(-count);
}

/** Starts a program in a session of its own (Ctrl-C is for the starter) that writes straight to its log: no pipe that could break. */
export function spawnLogged(command, args, { logFile, ...options }) {
  const log = openSync(logFile, 'a');
  try {
    return spawn(command, args, { ...options, stdio: ['ignore', log, log], detached: true });
  } finally {
    closeSync(log);
  }
}
