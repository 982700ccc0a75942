// An embedded PostgreSQL: a cluster in a folder, made at the first start, with passwords for every role.
import { spawn, spawnSync } from 'node:child_process';
import { chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ensureDatabase, withClient } from './databases.mjs';
import { freePort } from './ports.mjs';
import { closedFolder, findPostgres, findSetpriv, serverUser } from './postgres-binaries.mjs';
import { identify, isAlive } from './process-identity.mjs';
import { Refusal } from './refusal.mjs';
import { openSecrets } from './secrets.mjs';
import { stopProcesses } from './stop-process.mjs';
import { stages } from './tethered.mjs';

const throwAway = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum_naptime=10s'];

/**
 * @param {{ dataDir: string, port?: number, durable?: boolean, secret?: (name: string) => string, logFile?: string, tether?: object }} options
 * `dataDir` is the cluster's own folder; `durable: false` is for tests: fast, and lost with the machine.
 */
export async function startPostgres({ dataDir, port, durable = true, secret, logFile = `${dataDir}.log`, tether, maxConnections = 300 }) {
  secret ??= openSecrets(`${dataDir}.secrets.json`);
  const run = runner(dataDir);
  await stopLeftover(dataDir);
  if (!existsSync(join(dataDir, 'PG_VERSION'))) makeCluster(dataDir, secret('postgres'), run);
  const chosen = await freePort(port);
  const child = launch({ dataDir, port: chosen, durable, logFile, run, maxConnections });
  tether?.hold(child.pid, stages.postgres, 'SIGINT');
  child.once('exit', () => tether?.letGo(child.pid));
  await untilReady(child, dataDir, logFile);

  const url = `postgres://postgres:${secret('postgres')}@127.0.0.1:${chosen}/postgres`;
  await withClient(url, (client) => client.query('revoke connect on database postgres, template1 from public'));
  return {
    url,
    port: chosen,
    pid: child.pid,
    process: child,
    /** A database with a login role of the same name that alone may enter it. @returns its address */
    createDatabase: (name) => ensureDatabase(url, { database: name, password: secret(name) }),
    stop: () => stopProcesses([{ ...identify(child.pid), signal: 'SIGINT' }], 5000),
  };
}

/** How programs of the server are run: as which user, and past closed folders where root's home is on the way. */
function runner(dataDir) {
  const { initdb, postgres, bin } = findPostgres();
  const user = serverUser();
  mkdirSync(dirname(dataDir), { recursive: true });
  const closed = closedFolder(bin, user) ?? closedFolder(dirname(dataDir), user);
  if (!closed) return { user, initdb: [initdb], postgres: [postgres], options: user };
  const setpriv = findSetpriv();
  if (!setpriv) {
    throw new Refusal(`PostgreSQL never runs as root, and its user may not enter ${closed}: move the project and PRM_DATA out of it, run as another user, or set DATABASE_URL.`);
  }
  const lend = [setpriv, `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  return { user, initdb: [...lend, initdb], postgres: [...lend, postgres], options: {} };
}

/** Made beside its place and moved there when it is whole, so that a start cut short leaves nothing half made. */
function makeCluster(dataDir, password, run) {
  const draft = `${dataDir}.new`;
  const passwordFile = `${dataDir}.password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  for (const path of [draft, passwordFile]) if (run.user.uid !== undefined) chownSync(path, run.user.uid, run.user.gid);
  const [command, ...before] = run.initdb;
  const flags = ['-D', draft, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync', '--no-instructions'];
  const made = spawnSync(command, [...before, ...flags], { ...run.options, cwd: '/', encoding: 'utf8' });
  rmSync(passwordFile, { force: true });
  if (made.status !== 0) {
    rmSync(draft, { recursive: true, force: true });
    throw new Refusal(`PostgreSQL could not make its folder ${dataDir}: ${lastLine(made.stderr) ?? made.error?.message}. Mend that, or choose another folder with PRM_DATA.`);
  }
  renameSync(draft, dataDir);
}

function launch({ dataDir, port, durable, logFile, run, maxConnections }) {
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', `max_connections=${maxConnections}`, 'shared_buffers=128MB', 'logging_collector=off', ...(durable ? [] : throwAway)];
  const [command, ...before] = run.postgres;
  rmSync(join(dataDir, 'postmaster.pid'), { force: true });
  const log = openSync(logFile, 'a');
  // Its own session: Ctrl-C in the terminal is for the starter, which stops everything in order.
  const child = spawn(command, [...before, '-D', dataDir, ...settings.flatMap((setting) => ['-c', setting])], { ...run.options, cwd: '/', stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  return child;
}

/** Postgres itself writes "ready" into its pid file, which works without any connection. */
async function untilReady(child, dataDir, logFile) {
  const pidFile = join(dataDir, 'postmaster.pid');
  const isReady = () => existsSync(pidFile) && /^ready\s*$/m.test(readFileSync(pidFile, 'utf8'));
  const until = Date.now() + 60_000;
  while (!isReady()) {
    if (child.exitCode !== null || child.signalCode || Date.now() > until) {
      child.kill('SIGQUIT');
      throw new Refusal(`PostgreSQL did not start: ${lastLine(readFileSync(logFile, 'utf8'), /FATAL|ERROR|PANIC/) ?? 'no message'} (log: ${logFile}).`);
    }
    await pause(15);
  }
}

/** The folder is ours alone, so a server that still runs in it lost its starter. */
async function stopLeftover(dataDir) {
  const pidFile = join(dataDir, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  if (isAlive(pid) && runsIn(pid, dataDir)) await stopProcesses([{ ...identify(pid), signal: 'SIGINT' }], 10_000);
}

function runsIn(pid, dataDir) {
  if (process.platform !== 'linux') return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dataDir);
  } catch {
    return false;
  }
}

function lastLine(text, pattern = /\S/) {
  const lines = (text ?? '').trim().split('\n').filter((line) => pattern.test(line));
  return lines.at(-1)?.trim();
}
