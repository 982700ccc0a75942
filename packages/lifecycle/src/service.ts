import { callersFrom, tokenVerifier, type Callers } from '@openprm/access';
import { startServer, type Handlers, type Policy } from '@openprm/grpc';
import { connectBroker, notifyOutbox, startConsumer, startRelay, type Broker, type EventHandler } from '@openprm/messaging';
import { checkMigrated, newId, openDatabase, run, type Database } from '@openprm/postgres';
import type { Log } from '@openprm/telemetry';
import type { Running } from './process';
import type { ServiceConfig } from './settings';
import { startTimers, type Timer } from './timers';

/** What every service's use cases get from outside; a service's own `Deps` extend this. */
export interface ServiceDeps {
  database: Database;
  newId: () => string;
  clock: () => Date;
  afterCommit: () => void;
  forgetCaller: (principal?: string) => void;
}

/** The parts of a domain service. `app.ts` of each service names them; a missing one does not compile. */
export interface ServiceParts<Service, Deps> {
  name: string;
  migrations: Parameters<typeof openDatabase>[0]['migrations'] & object;
  /** Generated `XService` constant. */
  definition: object;
  policy: Policy<Service>;
  deps: (given: ServiceDeps) => Deps;
  handlers: (deps: Deps) => Handlers<Service>;
  subscriptions: (deps: Deps) => EventHandler[];
  timers: (deps: Deps) => Timer[];
}

/** What tests replace. */
export interface Surroundings {
  clock?: () => Date;
  /** Absent: no broker is connected; events stay in the outbox. */
  broker?: Broker | null;
  /** Timers run in a real process only; tests call the use cases. */
  timers?: boolean;
}

export interface RunningService<Deps> extends Running {
  port: number;
  database: Database;
  deps: Deps;
  subscriptions: EventHandler[];
  callers: Callers;
}

/** Starts in the order database, gRPC, consumers, relay, timers, SERVING; stops the other way round. */
export async function startService<Service, Deps>(
  parts: ServiceParts<Service, Deps>,
  config: ServiceConfig,
  log: Log,
  surroundings: Surroundings = {},
): Promise<RunningService<Deps>> {
  const clock = surroundings.clock ?? (() => new Date());
  const database = await openDatabase({
    url: config.DATABASE_URL,
    name: parts.name,
    migrations: parts.migrations,
    poolSize: config.DATABASE_POOL_SIZE,
    waitMs: config.DATABASE_WAIT_MS,
    statementMs: config.DATABASE_STATEMENT_MS,
    onPoolError: (error) => log.warn({ error }, 'lost a database connection'),
  });
  await checkMigrated(database);
  const callers = callersFrom(database);
  const deps = parts.deps({ database, newId, clock, afterCommit: () => notifyOutbox(database), forgetCaller: callers.forget });
  const subscriptions = parts.subscriptions(deps);
  const server = await startServer<Service>({
    definition: parts.definition,
    handlers: parts.handlers(deps),
    policy: parts.policy,
    host: config.HOST,
    port: config.GRPC_PORT,
    verify: tokenVerifier({ issuer: config.OIDC_ISSUER, audience: config.OIDC_AUDIENCE, claim: config.OIDC_PRINCIPAL_CLAIM }),
    callers,
    clock,
    onUnexpected: (error, method) => log.error({ error, method }, 'unexpected error'),
  });
  const messaging =
    surroundings.broker === null ? null : startMessaging(parts.name, config, log, database, subscriptions, callers, surroundings.broker);
  const timers = surroundings.timers === false ? null : startTimers(parts.timers(deps), log);
  const readiness = watchReadiness(database, server.setServing, log);
  await readiness.first;
  log.info({ port: server.port }, 'serving');
  return {
    port: server.port,
    database,
    deps,
    subscriptions,
    callers,
    async stop() {
      readiness.stop();
      server.setServing(false);
      await server.stop(3_000);
      await timers?.stop();
      await messaging?.stop();
      await database.destroy();
    },
  };
}

function startMessaging(
  name: string,
  config: ServiceConfig,
  log: Log,
  database: Database,
  subscriptions: EventHandler[],
  callers: Callers,
  given?: Broker,
): Running {
  const broker =
    given ?? connectBroker({ kafkaBrokers: config.KAFKA_BROKERS, busDatabaseUrl: config.BUS_DATABASE_URL, clientId: name, log });
  // Grants change with partners and memberships; dropping all of them costs each caller one lookup.
  const afterCommit = (events: { type: string }[]): void => {
    if (events.some((event) => event.type.startsWith('prm.partnerdirectory.'))) callers.forget();
  };
  const consumer =
    subscriptions.length > 0 ? startConsumer({ database, broker, consumer: `${name}.references`, subscriptions, log, afterCommit }) : null;
  const relay = startRelay({ database, broker, log });
  return {
    async stop() {
      await consumer?.stop();
      await relay.stop();
      if (!given) await broker.close();
    },
  };
}

const LOOK_EVERY_MS = 1_000;

/** Ready means that the own database answers. The broker may be away: the outbox keeps what is to be said. */
function watchReadiness(database: Database, setServing: (serving: boolean) => void, log: Log): { first: Promise<void>; stop(): void } {
  let serving = false;
  const look = async (): Promise<void> => {
    const reachable = await run(database, 'select 1').then(
      () => true,
      () => false,
    );
    if (reachable !== serving) log.info({ serving: reachable }, 'readiness changed');
    serving = reachable;
    setServing(serving);
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  return { first: look(), stop: () => clearInterval(timer) };
}
