import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { accessSubscriptions, callersFrom, tokenVerifier } from '@openprm/access';
import { documentedRegistry } from '@openprm/contracts';
import { startTimers, type Running } from '@openprm/lifecycle';
import { connectBroker, startConsumer, type Broker } from '@openprm/messaging';
import { checkMigrated, openDatabase, type Database } from '@openprm/postgres';
import type { Log } from '@openprm/telemetry';
import type { Config } from './config';
import { migrations } from './db/migrations';
import { deleteExpiredSessions } from './db/sessions';
import { makeHttp } from './http';
import { startFeed } from './live/feed';
import { Hub } from './live/hub';
import { Visibilities } from './live/visibility';
import { Cookies } from './session/cookies';
import { Issuer } from './session/issuer';
import { Sessions } from './session/sessions';
import { Edges } from './upstream/edges';

export interface RunningGateway extends Running {
  port: number;
  database: Database;
}

/** What tests replace. */
export interface Surroundings {
  /** Null: no events; open streams stay silent. */
  broker?: Broker | null;
  heartbeatMs?: number;
}

const CLEAN_EVERY_MS = 600_000;

/** Starts database, messaging, HTTP in this order; stops the other way round. */
export async function startGateway(config: Config, log: Log, surroundings: Surroundings = {}): Promise<RunningGateway> {
  const database = await openDatabase({
    url: config.databaseUrl,
    name: 'gateway',
    migrations,
    poolSize: config.databasePoolSize,
    onPoolError: (error) => log.warn({ error }, 'lost a database connection'),
  });
  await checkMigrated(database);
  const visibilities = new Visibilities(database, callersFrom(database));
  const hub = new Hub(visibilities);
  const messaging =
    surroundings.broker === null ? undefined : startMessaging(config, log, database, hub, visibilities, surroundings.broker);
  const timers = startTimers([{ name: 'expired sessions', everyMs: CLEAN_EVERY_MS, work: () => deleteExpiredSessions(database) }], log);
  const edges = new Edges(config.addresses, config.mostInFlight);
  const stopping = new AbortController();
  const server = createServer(makeHttp({ ...httpParts(config, log, database, surroundings), edges, hub, stopping: stopping.signal }));
  const port = await listen(server, config);
  log.info({ port }, 'serving');
  return {
    port,
    database,
    async stop() {
      stopping.abort();
      await Promise.all([close(server), messaging?.stop(), timers.stop()]);
      edges.close();
      await database.destroy();
    },
  };
}

function httpParts(config: Config, log: Log, database: Database, { heartbeatMs = 15_000 }: Surroundings) {
  const { oidc } = config;
  const issuer = new Issuer(oidc, `${config.publicUrl}/auth/callback`);
  return {
    config,
    registry: documentedRegistry(),
    database,
    issuer,
    sessions: new Sessions(database, issuer, config.sessionHours),
    cookies: new Cookies(config.publicUrl.startsWith('https:')),
    verify: tokenVerifier({ issuer: oidc.issuer, audience: oidc.audience, claim: oidc.principalClaim }),
    heartbeatMs,
    logError: (message: string, fields: Record<string, unknown>) => log.error(fields, message),
  };
}

function startMessaging(config: Config, log: Log, database: Database, hub: Hub, visibilities: Visibilities, given?: Broker): Running {
  const broker =
    given ?? connectBroker({ kafkaBrokers: config.kafkaBrokers, busDatabaseUrl: config.busDatabaseUrl, clientId: 'gateway', log });
  const consumer = startConsumer({
    database,
    broker,
    consumer: 'gateway.references',
    subscriptions: accessSubscriptions,
    log,
    afterCommit: () => visibilities.forget(),
  });
  const feed = startFeed(broker, hub, log);
  return {
    async stop() {
      await Promise.all([feed.stop(), consumer.stop()]);
      if (!given) await broker.close();
    },
  };
}

/** Who sends too slowly to be honest is cut off. */
async function listen(server: Server, { host, port }: Config): Promise<number> {
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  // Longer than load balancers keep theirs, so that none sends into a connection that is being closed.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return (server.address() as AddressInfo).port;
}

/** Lets requests in work end, within a limit. A connection that is kept alive becomes idle only with its answer: hence the repeated look. */
async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const force = setTimeout(() => server.closeAllConnections(), 4_000);
  await closed;
  clearInterval(idle);
  clearTimeout(force);
}
