import { spawn } from 'node:child_process';
import { Refusal } from './refusal.mjs';
import { stages } from './tethered.mjs';

/**
 * Runs a program to its end (build, migration, Maven …) and gives back what it wrote.
 * @param {string} command
 * @param {string[]} args
 * @param {{ tether?: object, signal?: AbortSignal } & import('node:child_process').SpawnOptions} options
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string }>}
 */
export function runTool(command, args, { tether, signal, ...options } = {}) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    // Detached: Ctrl-C in the terminal is for the starter, which ends this through the signal.
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32' });
    if (child.pid) tether?.hold(child.pid, stages.gateway, 'SIGKILL');
    const abort = () => child.kill('SIGKILL');
    signal?.addEventListener('abort', abort);
    const text = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (chunk) => (text[name] += chunk));
    child.once('error', (error) => reject(new Refusal(`${command} could not be run: ${error.message}.`)));
    child.once('close', (code) => {
      signal?.removeEventListener('abort', abort);
      if (child.pid) tether?.letGo(child.pid);
      if (signal?.aborted) reject(signal.reason);
      else resolve({ code, ...text });
    });
  });
}
