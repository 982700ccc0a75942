import { integer, optional, port, postgresUrl, type readConfig, text, url } from '@openprm/config';

/** Settings that every domain service has; each service adds its own. */
export const serviceSettings = {
  DATABASE_URL: postgresUrl(),
  DATABASE_POOL_SIZE: integer(10, { min: 2, max: 200 }),
  DATABASE_STATEMENT_MS: integer(5_000, { min: 100, max: 600_000 }),
  DATABASE_WAIT_MS: integer(2_000, { min: 100, max: 60_000 }),
  KAFKA_BROKERS: optional(),
  BUS_DATABASE_URL: optional(),
  HOST: text('127.0.0.1'),
  GRPC_PORT: port(),
  OIDC_ISSUER: url(['http', 'https']),
  OIDC_AUDIENCE: text('openprm'),
  OIDC_PRINCIPAL_CLAIM: text('email'),
};

export type ServiceConfig = ReturnType<typeof readConfig<typeof serviceSettings>>;
