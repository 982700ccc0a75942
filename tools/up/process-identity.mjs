// Which process a remembered number means. Numbers are given out again, so a number alone proves nothing.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** True while the process runs; a zombie that nobody collects counts as ended. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  return procStat(pid)?.state !== 'Z';
}

/** Tells a process from a later one with the same number; undefined where the system does not say. */
export function startMark(pid) {
  const stat = procStat(pid);
  if (stat) return stat.started;
  if (process.platform === 'linux' || process.platform === 'win32') return undefined;
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

/** @returns {{ pid: number, started?: string }} what `isSameProcess` recognises later */
export const identify = (pid) => ({ pid, started: startMark(pid) });

export function isSameProcess({ pid, started }) {
  return Number.isInteger(pid) && isAlive(pid) && (started === undefined || startMark(pid) === started);
}

function procStat(pid) {
  if (process.platform !== 'linux') return undefined;
  try {
    // The command's name is in parentheses and may hold blanks; what follows it is regular.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return { state: fields[0], started: fields[19] };
  } catch {
    return undefined;
  }
}
