// The starter's side of tether.mjs.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { identify } from './process-identity.mjs';

const program = fileURLToPath(new URL('tether.mjs', import.meta.url));

/** What is ended first has the lowest number. */
export const stages = { gateway: 0, service: 1, broker: 2, postgres: 3 };

/** Starts the watcher; should it die, another takes its place with the same list. */
export function startTether() {
  const held = new Map();
  let released = false;
  let watcher;

  function start() {
    watcher = spawn(process.execPath, [program], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    watcher.stdin.on('error', () => {});
    watcher.unref();
    watcher.stdin.unref?.();
    watcher.on('exit', () => released || start());
    watcher.on('error', () => {});
    for (const line of held.values()) watcher.stdin.write(line);
  }
  start();

  return {
    hold(pid, stage, signal = 'SIGTERM') {
      const line = `${JSON.stringify({ add: pid, stage, signal, started: identify(pid).started })}\n`;
      held.set(pid, line);
      watcher.stdin.write(line);
    },
    letGo(pid) {
      if (held.delete(pid)) watcher.stdin.write(`${JSON.stringify({ remove: pid })}\n`);
    },
    /** Ends the watcher; what is still held is stopped by it. */
    release() {
      released = true;
      watcher.stdin.end();
    },
  };
}
