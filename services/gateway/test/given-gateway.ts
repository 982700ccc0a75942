import { registry } from '@openprm/contracts';
import type { Broker } from '@openprm/messaging';
import { logger } from '@openprm/telemetry';
import { givenDatabase } from '@openprm/testing';
import { startGateway, type RunningGateway } from '../src/app';
import type { Config } from '../src/config';
import { migrations } from '../src/db/migrations';
import { givenIssuer, type Issuer } from './given-issuer';
import { ask, type Reply } from './given-rest';
import { givenServices, type Answer, type StubServer } from './given-services';

export interface Gateway {
  url: string;
  config: Config;
  running: RunningGateway;
  issuer: Issuer;
  services: StubServer;
  databaseUrl: string;
  ask(method: string, path: string, options?: Parameters<typeof ask>[3]): Promise<Reply>;
  stop(): Promise<void>;
}

const PACKAGES = ['partnerdirectory', 'programsegment', 'dealregistration', 'quoting', 'order', 'supportcase'];

/** The gateway as a whole on a database of its own, before stub services and an issuer of its own. */
export async function givenGateway(
  answers: Record<string, Answer> = {},
  { broker = null, ...change }: Partial<Config> & { broker?: Broker | null } = {},
): Promise<Gateway> {
  const [database, issuer, services] = await Promise.all([
    givenDatabase('gateway', migrations),
    givenIssuer(),
    givenServices(registry(), answers),
  ]);
  const config: Config = {
    databaseUrl: database.url,
    databasePoolSize: 5,
    host: '127.0.0.1',
    port: 0,
    publicUrl: 'http://127.0.0.1:8080',
    trustProxy: false,
    addresses: Object.fromEntries(PACKAGES.map((area) => [`prm.${area}.v1`, services.address])),
    oidc: {
      issuer: issuer.url,
      audience: 'openprm',
      principalClaim: 'email',
      clientId: 'openprm-gateway',
      clientSecret: 'secret',
      scope: 'openid email profile offline_access',
    },
    sessionHours: 12,
    kafkaBrokers: undefined,
    busDatabaseUrl: undefined,
    deadlines: { read: 5_000, write: 5_000, import: 5_000, view360: 5_000 },
    bodyLimit: 1_048_576,
    mostInFlight: 100,
    ratePerMinute: 60_000,
    mostStreams: 10,
    ...change,
  };
  const log = logger('gateway');
  log.level = process.env['LOG_LEVEL'] ?? 'silent';
  const running = await startGateway(config, log, { broker, heartbeatMs: 100 });
  const url = `http://127.0.0.1:${running.port}`;
  return {
    url,
    config,
    running,
    issuer,
    services,
    databaseUrl: database.url,
    ask: (method, path, options) => ask(url, method, path, { token: null, ...options }),
    async stop() {
      await running.stop();
      await Promise.all([services.stop(), issuer.stop()]);
      await database.drop();
    },
  };
}
