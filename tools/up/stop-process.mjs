import { setTimeout as pause } from 'node:timers/promises';
import { isSameProcess } from './process-identity.mjs';

/**
 * Asks processes to end, and insists after `patience` milliseconds.
 * @param {{ pid: number, started?: string, signal?: NodeJS.Signals }[]} processes
 */
export async function stopProcesses(processes, patience) {
  for (const one of processes) send(one, one.signal ?? 'SIGTERM');
  await gone(processes, patience);
  // Killed outright, PostgreSQL would leave its own children behind; this makes it drop everything at once instead.
  const servers = processes.filter((one) => one.signal === 'SIGINT');
  for (const one of processes) send(one, servers.includes(one) ? 'SIGQUIT' : 'SIGKILL');
  await gone(servers, 1000);
  for (const one of servers) send(one, 'SIGKILL');
  await gone(processes, 2000);
}

async function gone(processes, patience) {
  const until = Date.now() + patience;
  while (processes.some(isSameProcess) && Date.now() < until) await pause(20);
}

function send(one, signal) {
  if (!isSameProcess(one)) return;
  try {
    process.kill(one.pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}
