import { setTimeout as pause } from 'node:timers/promises';
import { isSameProcess } from './process-identity.mjs';

/**
 * Asks processes to end and insists after `patience` milliseconds.
 * @param {{ pid: number, started?: string, signal?: NodeJS.Signals }[]} processes
 */
export async function stopProcesses(processes, patience) {
  for (const one of processes) send(one, one.signal ?? 'SIGTERM');
  const until = Date.now() + patience;
  while (processes.some(isSameProcess) && Date.now() < until) await pause(20);
  for (const one of processes) send(one, 'SIGKILL');
  while (processes.some(isSameProcess) && Date.now() < until + 2000) await pause(20);
}

function send(one, signal) {
  if (!isSameProcess(one)) return;
  try {
    process.kill(one.pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}
