// The whole platform from code: `npm start`, tools/e2e and tests start the same thing.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildMark } from './build-mark.mjs';
import { chooseBroker } from './broker.mjs';
import { openDataFolder } from './data-folder.mjs';
import { useServer } from './database-server.mjs';
import { environmentOf } from './environment.mjs';
import { openHouse } from './house.mjs';
import { lastLines, spawnLogged } from './log-file.mjs';
import { freePort, giveBack, isFree } from './ports.mjs';
import { preparePostgres } from './postgres.mjs';
import { identify } from './process-identity.mjs';
import { grpcServes, httpAnswers, until } from './ready.mjs';
import { Refusal } from './refusal.mjs';
import { runTool } from './run-tool.mjs';
import { services as allServices } from './services.mjs';
import { stages } from './tethered.mjs';
import { requestToken } from '../token/request-token.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

const defaults = {
  services: allServices,
  broker: 'auto',
  durable: true,
  databasePrefix: 'openprm_',
  enterpriseName: 'Example Enterprise',
  adminEmail: 'admin@enterprise.example',
  logLevel: 'info',
  metrics: 'off',
  say: () => {},
  built: Promise.resolve(),
};

/**
 * Starts databases, broker and services and resolves when all of them are ready; on failure nothing is left running.
 * Without `dataDir` everything lives in a temporary folder that `stop` removes; without `port` the gateway's port is found free.
 * @param {{ dataDir?: string, port?: number, services?: import('./services.mjs').Service[], broker?: 'auto' | 'docker' | 'java' | 'embedded',
 *   kafkaBrokers?: string, databaseUrl?: string, databasePrefix?: string, durable?: boolean, enterpriseName?: string, adminEmail?: string,
 *   oidcIssuer?: string, otlpEndpoint?: string, metrics?: 'on' | 'off', logLevel?: string, say?: (line: string) => void,
 *   signal?: AbortSignal, built?: Promise<unknown> }} [options] `built` delays what runs our own code; `signal` gives up a start
 */
export async function startPlatform(options = {}) {
  const wanted = { ...defaults, ...options };
  const temporary = wanted.dataDir ? undefined : mkdtempSync(join(tmpdir(), 'openprm-'));
  const port = await gatewayPort(wanted);
  const folder = await openDataFolder(wanted.dataDir ?? temporary, { url: `http://127.0.0.1:${port}`, say: wanted.say });
  const house = openHouse({ say: wanted.say, changed: () => recordProcesses() });
  const platform = {
    ...wanted,
    folder,
    secret: folder.secret,
    house,
    closers: [],
    ownIssuer: Boolean(wanted.oidcIssuer),
    compileCache: join(root, 'node_modules', '.cache', 'v8'),
  };
  let runtime;

  function recordProcesses() {
    folder.record(house.parts.filter((part) => part.pid).map((part) => ({ ...identify(part.pid), signal: part.endSignal })));
    if (runtime) folder.writeRuntime({ ...runtime, processes: processesOf(house) });
  }

  let stopping;
  const stop = () => (stopping ??= close());
  async function close() {
    await house.close();
    for (const closeOne of platform.closers) await closeOne().catch(() => {});
    for (const one of Object.values(platform.ports ?? {})) giveBack(one);
    folder.release();
    if (temporary) rmSync(temporary, { recursive: true, force: true });
  }

  wanted.signal?.addEventListener('abort', () => void stop());
  try {
    wanted.signal?.throwIfAborted();
    await bringUp(platform, port);
    runtime = runtimeOf(platform);
    recordProcesses();
  } catch (error) {
    await stop();
    throw wanted.signal?.aborted ? wanted.signal.reason : error;
  }
  return handleOf(platform, runtime, stop);
}

/** A port that was asked for is never changed silently. */
async function gatewayPort({ port, dataDir }) {
  if (port === undefined) return freePort();
  if (await isFree(port)) return freePort(port);
  // Saying whose it is beats saying that it is taken.
  if (dataDir && existsSync(join(dataDir, 'lock.json'))) (await openDataFolder(dataDir)).release();
  throw new Refusal(`Port ${port} is taken: stop the program that uses it, or choose another with PRM_PORT=${port + 1}.`);
}

async function bringUp(platform, port) {
  const server = startDatabases(platform);
  const broker = startBroker(platform, server);
  platform.ports = await choosePorts(platform, port);
  platform.metricsPorts = platform.metrics === 'on' ? await portsFor(platform.services) : {};
  platform.gateway = `http://127.0.0.1:${port}`;
  platform.identity = platform.ownIssuer ? undefined : `http://127.0.0.1:${platform.ports.identity}`;
  platform.issuer = platform.oidcIssuer ?? platform.identity;
  [platform.databases, platform.broker] = await together([server.then((one) => one.databases), broker, platform.built]);
  await migrateAll(platform);
  platform.say(`Starting ${platform.services.length} processes …`);
  await startServices(platform);
}

/** Like Promise.all, and whoever fails later is not an unhandled rejection. */
async function together(promises) {
  for (const promise of promises) promise?.catch?.(() => {});
  return Promise.all(promises);
}

async function startDatabases(platform) {
  const { folder, house, say, services } = platform;
  const server = await (platform.databaseUrl ? useOwnServer(platform) : startEmbedded(platform));
  platform.postgres = server;
  const databases = {};
  for (const { name } of services) databases[name] = await server.createDatabase(name.replaceAll('-', '_'));
  house.signal.throwIfAborted();
  folder.saveState();
  say(`PostgreSQL is ready: ${server.label}.`);
  return { databases, createDatabase: server.createDatabase };
}

async function useOwnServer({ databaseUrl, databasePrefix, secret, closers }) {
  const server = await useServer({ databaseUrl, prefix: databasePrefix, secret });
  closers.push(server.close);
  return server;
}

async function startEmbedded({ folder, durable, house, secret, say }) {
  if (folder.isNew) say('Making the embedded PostgreSQL …');
  const { ports } = folder.state;
  const postgres = await preparePostgres({
    dataDir: folder.file('postgres'),
    port: ports.postgres,
    durable,
    secret,
    logFile: folder.logFile('postgres'),
    ...toolsOf(house),
  });
  ports.postgres = postgres.port;
  await house.run(postgres);
  return { ...postgres, label: `embedded, 127.0.0.1:${postgres.port}` };
}

async function startBroker(platform, server) {
  const { folder, house, say } = platform;
  const { state } = folder;
  const broker = await chooseBroker({
    wish: platform.broker,
    kafkaBrokers: platform.kafkaBrokers,
    say,
    dataDir: folder.file('kafka'),
    logFile: folder.logFile('kafka'),
    port: state.ports.kafka,
    durable: platform.durable,
    ...toolsOf(house),
  });
  if (state.broker && state.broker !== broker.kind)
    say(`Events of earlier starts are on the ${state.broker === 'kafka' ? 'Kafka broker' : 'embedded bus'}; this start uses the other.`);
  state.broker = broker.kind;
  if (broker.part) {
    state.ports.kafka = Number(broker.kafkaBrokers.split(':')[1]);
    await house.run(broker.part);
  }
  if (broker.kind === 'embedded') broker.busDatabaseUrl = await (await server).createDatabase('bus');
  say(`The broker is ready: ${broker.label}.`);
  return broker;
}

const toolsOf = ({ tether, signal }) => ({ tether, signal });

/** The same ports at every start where they are free, so that bookmarks and sessions keep working. */
async function choosePorts({ folder, services, ownIssuer }, gateway) {
  const ports = {};
  for (const { name } of services) ports[name] = name === 'gateway' ? gateway : await freePort(folder.state.ports[name]);
  if (!ports.identity && !ownIssuer) ports.identity = await freePort(folder.state.ports.identity);
  Object.assign(folder.state.ports, { ...ports, gateway: undefined });
  return ports;
}

async function portsFor(services) {
  const ports = {};
  for (const { name } of services) ports[name] = await freePort();
  return ports;
}

async function migrateAll(platform) {
  const { folder, services, databaseUrl, say } = platform;
  // Starting a process only to hear that nothing changed costs a second each; a server of one's own is always asked.
  const known = databaseUrl ? {} : (folder.state.migrated ?? {});
  const packages = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name, 'dist'));
  const marks = Object.fromEntries(services.map((service) => [service.name, buildMark([dirname(migrationOf(service)), ...packages])]));
  const due = services.filter((service) => known[service.name] !== marks[service.name] && existsSync(migrationOf(service)));
  if (due.length === 0) return;
  say('Migrating the databases …');
  await together(due.map((service) => migrate(service, platform)));
  folder.state.migrated = marks;
  folder.saveState();
}

const migrationOf = (service) => join(root, service.migrate ?? `services/${service.name}/dist/migrate.js`);

async function migrate(service, platform) {
  const { folder, house } = platform;
  const { code, stdout, stderr } = await runTool(process.execPath, [migrationOf(service)], {
    env: environmentOf(service, platform),
    ...toolsOf(house),
  });
  if (code === 0) return;
  const said = (stdout + stderr).trim().split('\n').slice(-8).join('\n    ');
  throw new Refusal(
    `The database of ${service.name} could not be migrated (exit code ${code}):\n    ${said}\n    Mend that and start again; what is done already is kept in ${folder.path}.`,
  );
}

async function startServices(platform) {
  const started = {};
  const start = async (service) => {
    for (const name of service.after ?? []) await started[name];
    await startService(service, platform);
  };
  for (const service of platform.services) started[service.name] = start(service);
  await together(Object.values(started));
}

async function startService(service, platform) {
  const { folder, house, ports } = platform;
  const entry = join(root, service.entry ?? `services/${service.name}/dist/main.js`);
  if (!existsSync(entry)) throw new Refusal(`${service.name} is not built (${entry} is missing): run npm run build.`);
  const address = `127.0.0.1:${ports[service.name]}`;
  const logFile = folder.logFile(service.name);
  await house.run({
    name: service.name,
    stage: service.name === 'gateway' ? stages.gateway : stages.service,
    logFile,
    launch: () => spawnLogged(process.execPath, [entry], { env: environmentOf(service, platform), logFile, cwd: root }),
    ready: (_child, ended) =>
      until(() => (service.kind === 'grpc' ? grpcServes(address) : httpAnswers(`http://${address}/readyz`)), { ended }),
  });
}

const processesOf = (house) => Object.fromEntries(house.parts.map((part) => [part.name, part.pid]));

function runtimeOf({ gateway, identity, issuer, ownIssuer, secret, databases, broker, ports, metricsPorts, services }) {
  return {
    gateway,
    identity: identity ?? null,
    issuer,
    sandboxSecret: ownIssuer ? null : secret('sandbox'),
    databases,
    broker: {
      kind: broker.kind,
      ...(broker.kafkaBrokers && { kafkaBrokers: broker.kafkaBrokers }),
      ...(broker.busDatabaseUrl && { busDatabaseUrl: broker.busDatabaseUrl }),
    },
    addresses: Object.fromEntries(services.map(({ name }) => [name, `127.0.0.1:${ports[name]}`])),
    metrics: metricsPorts,
    starter: process.pid,
  };
}

function handleOf({ folder, house, broker, postgres }, runtime, stop) {
  return {
    ...runtime,
    labels: { broker: broker.label, postgres: postgres.label },
    folder,
    runtimeFile: folder.runtimeFile,
    processes: () => processesOf(house),
    /** Ends a process as a crash would (or sends another signal); it is started again unless `stayDown`. */
    kill: (name, how) => house.part(name).kill(how),
    /** Starts again what `kill` left down, and waits until it is ready. */
    revive: (name) => house.part(name).revive(),
    /** Sends a signal that does not end the process, such as SIGSTOP and SIGCONT. */
    signal: (name, signal) => house.part(name).signal(signal),
    /** Resolves when the process, perhaps started again meanwhile, is ready. */
    ready: (name) => house.part(name).ready(),
    logs: (name, count) => lastLines(house.part(name).logFile, { count }),
    token: (email) => requestToken(runtime, email),
    stop,
  };
}
