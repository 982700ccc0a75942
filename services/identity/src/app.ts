import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectBroker, startConsumer } from '@openprm/messaging';
import { checkMigrated, openDatabase, type Database } from '@openprm/postgres';
import type { Log } from '@openprm/telemetry';
import type { Config } from './config';
import { ensureCookieKey } from './db/cookie-key';
import { migrations } from './db/migrations';
import { pruneOidcModels } from './db/oidc-models';
import { ensureSigningKey } from './db/signing-keys';
import { onMembership } from './events/memberships';
import { createHttp } from './http/server';

export interface Running {
  port: number;
  /** Resolves once membership events are read. */
  listening: Promise<void>;
  stop(): Promise<void>;
}

const PRUNE_EVERY = 3_600_000;
const LET_REQUESTS_END = 3_000;

/** Names every part. The database must be migrated; the broker may be away for a while. */
export async function startIdentity(config: Config, log: Log): Promise<Running> {
  const onPoolError = (error: Error): void => log.warn({ err: error }, 'an idle database connection broke');
  const database = await openDatabase({ url: config.databaseUrl, name: 'identity', migrations, onPoolError });
  await checkMigrated(database);
  const server = await startHttp(config, database, log);
  const broker = connectBroker({ kafkaBrokers: config.kafkaBrokers, busDatabaseUrl: config.busDatabaseUrl, clientId: 'identity', log });
  const consumer = startConsumer({ database, broker, consumer: 'identity.accounts', subscriptions: [onMembership()], log });
  const pruning = setInterval(
    () => void pruneOidcModels(database).catch((error: unknown) => log.warn({ err: error }, 'could not prune')),
    PRUNE_EVERY,
  );
  return {
    port: (server.address() as AddressInfo).port,
    listening: consumer.ready,
    async stop() {
      clearInterval(pruning);
      await stopHttp(server);
      await consumer.stop();
      await broker.close();
      await database.destroy();
    },
  };
}

async function startHttp(config: Config, database: Database, log: Log): Promise<Server> {
  const signingKeys = await ensureSigningKey(database);
  const cookieKey = await ensureCookieKey(database);
  const onError = (error: unknown): void => log.error({ err: error }, 'a request failed');
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 30_000 },
    createHttp({ config, database, signingKeys, cookieKey, onError }),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, resolve);
  });
  return server;
}

async function stopHttp(server: Server): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), LET_REQUESTS_END);
  await new Promise((resolve) => server.close(resolve));
  clearTimeout(cut);
}
