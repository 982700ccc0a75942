// An embedded PostgreSQL: a cluster in a folder, made at the first start, with passwords for every role.
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ensureDatabase, withClient } from './databases.mjs';
import { readFrom, spawnLogged } from './log-file.mjs';
import { freePort } from './ports.mjs';
import { closedFolder, findPostgres, findSetpriv, reachable, serverUser } from './postgres-binaries.mjs';
import { identify, isAlive } from './process-identity.mjs';
import { until } from './ready.mjs';
import { Refusal } from './refusal.mjs';
import { runTool } from './run-tool.mjs';
import { openSecrets } from './secrets.mjs';
import { stopProcesses } from './stop-process.mjs';
import { stages } from './tethered.mjs';

const throwAway = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum_naptime=10s'];

/**
 * Makes the cluster if needed and says how to run it.
 * @param {{ dataDir: string, port?: number, durable?: boolean, secret?: (name: string) => string, logFile?: string, tether?: object, signal?: AbortSignal }} options
 * `dataDir` is the cluster's own folder; `durable: false` is for tests: fast, and lost with the machine.
 */
export async function preparePostgres({
  dataDir,
  port,
  durable = true,
  secret,
  logFile = `${dataDir}.log`,
  tether,
  signal,
  maxConnections = 300,
}) {
  secret ??= openSecrets(`${dataDir}.secrets.json`);
  const run = runner(dataDir);
  await stopLeftover(dataDir);
  if (existsSync(join(dataDir, 'PG_VERSION'))) checkVersion(dataDir, run);
  else await makeCluster(dataDir, secret('postgres'), run, { tether, signal });
  const chosen = await freePort(port);
  const url = `postgres://postgres:${secret('postgres')}@127.0.0.1:${chosen}/postgres`;
  return {
    name: 'postgres',
    stage: stages.postgres,
    signal: 'SIGINT',
    logFile,
    url,
    port: chosen,
    launch: () => launch({ dataDir, port: chosen, durable, logFile, run, maxConnections }),
    ready: async (child, ended) => {
      await untilReady(child, dataDir, logFile, ended);
      await withClient(url, (client) => client.query('revoke connect on database postgres, template1 from public'));
    },
    /** A database with a login role of the same name that alone may enter it. @returns its address */
    createDatabase: (name) => ensureDatabase(url, { database: name, password: secret(name) }),
  };
}

/** Prepares and runs; without supervision. */
export async function startPostgres(options) {
  const postgres = await preparePostgres(options);
  const child = postgres.launch();
  options.tether?.hold(child.pid, postgres.stage, postgres.signal);
  child.once('exit', () => options.tether?.letGo(child.pid));
  await postgres.ready(child, () => child.exitCode !== null || child.signalCode !== null);
  return { ...postgres, pid: child.pid, process: child, stop: () => stopProcesses([{ ...identify(child.pid), signal: 'SIGINT' }], 5000) };
}

/** How programs of the server are run: as which user, and past closed folders where root's home is on the way. */
function runner(dataDir) {
  const user = serverUser();
  mkdirSync(dirname(dataDir), { recursive: true });
  const { initdb, postgres } = reachable(findPostgres(), user);
  const closed = closedFolder(dirname(dataDir), user);
  if (!closed) return { user, initdb: [initdb], postgres: [postgres], options: user };
  const setpriv = findSetpriv();
  if (!setpriv) {
    throw new Refusal(
      `PostgreSQL never runs as root, and the user lent to it may not enter ${closed}: choose another data folder with PRM_DATA=/some/folder, run as another user, or set DATABASE_URL.`,
    );
  }
  const lend = [
    setpriv,
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ];
  return { user, initdb: [...lend, initdb], postgres: [...lend, postgres], options: {} };
}

/** Made beside its place and moved there when it is whole, so that a start cut short leaves nothing half made. */
async function makeCluster(dataDir, password, run, tools) {
  const draft = `${dataDir}.new`;
  const passwordFile = `${dataDir}.password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  for (const path of [draft, passwordFile]) if (run.user.uid !== undefined) chownSync(path, run.user.uid, run.user.gid);
  const [command, ...before] = run.initdb;
  const flags = [
    '-D',
    draft,
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
    '--no-instructions',
  ];
  const made = await runTool(command, [...before, ...flags], { ...run.options, ...tools, cwd: '/' });
  rmSync(passwordFile, { force: true });
  if (made.code !== 0) {
    rmSync(draft, { recursive: true, force: true });
    throw new Refusal(
      `PostgreSQL could not make its folder ${dataDir}: ${lastLine(made.stderr) ?? 'no message'}. Mend that, or choose another folder with PRM_DATA.`,
    );
  }
  renameSync(draft, dataDir);
}

function checkVersion(dataDir, run) {
  const made = readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim();
  const installed = /(\d+)/.exec(execFileSync(run.postgres.at(-1), ['--version'], { encoding: 'utf8' }))?.[1];
  if (made === installed) return;
  throw new Refusal(
    `${dataDir} was made by PostgreSQL ${made}, but this is PostgreSQL ${installed}: choose another folder with PRM_DATA, or install version ${made}.`,
  );
}

function launch({ dataDir, port, durable, logFile, run, maxConnections }) {
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `max_connections=${maxConnections}`,
    'shared_buffers=128MB',
    'logging_collector=off',
    ...(durable ? [] : throwAway),
  ];
  const [command, ...before] = run.postgres;
  return spawnLogged(command, [...before, '-D', dataDir, ...settings.flatMap((setting) => ['-c', setting])], {
    ...run.options,
    cwd: '/',
    logFile,
  });
}

/** Postgres itself writes its number first and "ready" last into its pid file, which works without any connection. */
async function untilReady(child, dataDir, logFile, ended) {
  const pidFile = join(dataDir, 'postmaster.pid');
  const isReady = () => {
    const lines = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').split('\n') : [];
    return Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready';
  };
  try {
    await until(isReady, { ended, every: 15 });
  } catch {
    throw new Refusal(`PostgreSQL did not start: ${lastLine(readFrom(logFile), /FATAL|ERROR|PANIC/) ?? 'no message'} (log: ${logFile}).`);
  }
}

/** The folder is ours alone, so a server that still runs in it lost its starter. */
async function stopLeftover(dataDir) {
  const pidFile = join(dataDir, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const lines = readFileSync(pidFile, 'utf8').split('\n');
  const pid = Number(lines[0]);
  if (isAlive(pid) && runsIn(pid, dataDir)) await stopProcesses([{ ...identify(pid), signal: 'SIGINT' }], 10_000);
  // Children of a server that was killed outright end by themselves; until then they hold its shared memory.
  await until(() => !isAttached(lines[6]), { seconds: 10 }).catch(() => {});
  rmSync(pidFile, { force: true });
}

/** @param {string | undefined} segment key and id of a shared memory segment, as in postmaster.pid */
function isAttached(segment) {
  if (!segment?.trim() || !existsSync('/proc/sysvipc/shm')) return false;
  const [key, id] = segment.trim().split(/\s+/);
  const rows = readFileSync('/proc/sysvipc/shm', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return rows.some((row) => row[0] === key && row[1] === id && Number(row[6]) > 0);
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
  const lines = (text ?? '')
    .trim()
    .split('\n')
    .filter((line) => pattern.test(line));
  return lines.at(-1)?.trim();
}
