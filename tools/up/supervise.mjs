import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { lastLines, sizeOf } from './log-file.mjs';
import { identify } from './process-identity.mjs';
import { Refusal } from './refusal.mjs';
import { stopProcesses } from './stop-process.mjs';

const firstWait = 200;
const longestWait = 10_000;
const calmAfter = 30_000;

/**
 * Keeps one part of the platform running.
 * @param {{ name: string, stage: number, signal?: NodeJS.Signals, logFile: string, launch: () => import('node:child_process').ChildProcess,
 *   ready: (child: object, ended: () => boolean) => Promise<void> }} part
 *   `ready` resolves when the part does its work and rejects when it never will.
 * @param {{ tether: object, say: (line: string) => void, changed?: () => void }} house
 */
export function supervise(part, { tether, say, changed = () => {} }) {
  let child;
  let wanted = true;
  let wait = firstWait;
  let readiness = Promise.resolve();

  function launch() {
    const logFrom = sizeOf(part.logFile);
    const launched = part.launch();
    child = launched;
    const began = Date.now();
    if (child.pid) tether.hold(child.pid, part.stage, part.signal);
    let ended = false;
    launched.once('error', () => (ended = true));
    launched.once('exit', () => (ended = true));
    launched.once('exit', (code, signal) => {
      tether.letGo(launched.pid);
      if (wanted && !first) void comeBack(code, signal, began, logFrom);
    });
    readiness = part
      .ready(launched, () => ended)
      .catch((error) => {
        throw error instanceof Refusal ? error : new Refusal(explain(part, launched, logFrom, error));
      });
    readiness.catch(() => {});
    changed();
    return readiness;
  }

  async function comeBack(code, signal, began, logFrom) {
    if (Date.now() - began > calmAfter) wait = firstWait;
    say(`${part.name} ended (${signal ?? `exit code ${code}`}) and is started again. ${quote(part, logFrom)}`);
    await pause(wait);
    wait = Math.min(wait * 2, longestWait);
    if (!wanted) return;
    launch().then(
      () => say(`${part.name} is back.`),
      () => {},
    );
  }

  let first = true;
  return {
    name: part.name,
    stage: part.stage,
    endSignal: part.signal,
    logFile: part.logFile,
    get pid() {
      return child?.pid;
    },
    /** Resolves when the part works; a part that fails at its first start is not tried again. */
    async start() {
      await launch();
      first = false;
      if (child.exitCode !== null) void comeBack(child.exitCode, child.signalCode, 0, 0);
    },
    ready: () => readiness,
    signal: (name) => child.kill(name),
    /** Ends it as a crash would; it comes back unless `stayDown`. */
    async kill({ signal = 'SIGKILL', stayDown = false } = {}) {
      wanted = !stayDown;
      const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
      child.kill(signal);
      await gone;
    },
    async revive() {
      wanted = true;
      await launch();
    },
    async stop(patience) {
      wanted = false;
      if (child?.pid) await stopProcesses([{ ...identify(child.pid), signal: part.signal }], patience);
    },
  };
}

function explain(part, child, logFrom, error) {
  const how =
    child.exitCode !== null || child.signalCode
      ? `ended at its start (${child.signalCode ?? `exit code ${child.exitCode}`})`
      : `did not become ready: ${error.message}`;
  return `${part.name} ${how}. ${quote(part, logFrom)}`;
}

function quote(part, from) {
  const lines = lastLines(part.logFile, { from });
  const said = lines.length ? `Its last lines:\n${lines.map((line) => `    ${line}`).join('\n')}\n    ` : '';
  return `${said}(log: ${part.logFile})`;
}
