import { flag, integer, optional, port, postgresUrl, readConfig, text, url } from '@openprm/config';
import type { Deadlines } from './rest/deadlines';

/** Where services are, by the proto package that names them in a call. */
const ADDRESSES = {
  'prm.partnerdirectory.v1': 'PARTNER_DIRECTORY_ADDRESS',
  'prm.programsegment.v1': 'PROGRAM_SEGMENT_ADDRESS',
  'prm.dealregistration.v1': 'DEAL_REGISTRATION_ADDRESS',
  'prm.quoting.v1': 'QUOTING_ADDRESS',
  'prm.order.v1': 'ORDER_ADDRESS',
  'prm.supportcase.v1': 'CASE_ADDRESS',
} as const;

export interface OidcConfig {
  issuer: string;
  audience: string;
  principalClaim: string;
  clientId: string;
  clientSecret: string;
  scope: string;
}

export interface Config {
  databaseUrl: string;
  databasePoolSize: number;
  host: string;
  port: number;
  /** Address under which browsers reach the gateway, without a slash at the end. */
  publicUrl: string;
  trustProxy: boolean;
  addresses: Record<string, string>;
  oidc: OidcConfig;
  sessionHours: number;
  kafkaBrokers: string | undefined;
  busDatabaseUrl: string | undefined;
  deadlines: Deadlines;
  bodyLimit: number;
  mostInFlight: number;
  ratePerMinute: number;
  mostStreams: number;
}

const milliseconds = (fallback: number) => integer(fallback, { min: 10, max: 600_000 });

const settings = {
  DATABASE_URL: postgresUrl(),
  DATABASE_POOL_SIZE: integer(10, { min: 2, max: 200 }),
  HOST: text('127.0.0.1'),
  HTTP_PORT: port(8080),
  PUBLIC_URL: url(['http', 'https']),
  TRUST_PROXY: flag(false),
  PARTNER_DIRECTORY_ADDRESS: text(),
  PROGRAM_SEGMENT_ADDRESS: text(),
  DEAL_REGISTRATION_ADDRESS: text(),
  QUOTING_ADDRESS: text(),
  ORDER_ADDRESS: text(),
  CASE_ADDRESS: text(),
  OIDC_ISSUER: url(['http', 'https']),
  OIDC_AUDIENCE: text('openprm'),
  OIDC_PRINCIPAL_CLAIM: text('email'),
  OIDC_CLIENT_ID: text('openprm-gateway'),
  OIDC_CLIENT_SECRET: text(),
  OIDC_SCOPE: text('openid email profile offline_access'),
  SESSION_HOURS: integer(12, { min: 1, max: 720 }),
  KAFKA_BROKERS: optional(),
  BUS_DATABASE_URL: optional(),
  READ_DEADLINE_MS: milliseconds(800),
  WRITE_DEADLINE_MS: milliseconds(3_000),
  IMPORT_DEADLINE_MS: milliseconds(60_000),
  VIEW360_DEADLINE_MS: milliseconds(2_000),
  BODY_LIMIT_BYTES: integer(1_048_576, { min: 1_024, max: 104_857_600 }),
  MOST_IN_FLIGHT: integer(200, { min: 1 }),
  RATE_PER_MINUTE: integer(60_000, { min: 1 }),
  MOST_STREAMS: integer(2_000, { min: 1 }),
};

/** Reads the environment. Throws a ConfigError that names each faulty variable and its fix. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const values = readConfig(settings, env);
  return {
    databaseUrl: values.DATABASE_URL,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    host: values.HOST,
    port: values.HTTP_PORT,
    publicUrl: withoutSlash(values.PUBLIC_URL),
    trustProxy: values.TRUST_PROXY,
    addresses: Object.fromEntries(Object.entries(ADDRESSES).map(([protoPackage, name]) => [protoPackage, values[name]])),
    oidc: {
      issuer: withoutSlash(values.OIDC_ISSUER),
      audience: values.OIDC_AUDIENCE,
      principalClaim: values.OIDC_PRINCIPAL_CLAIM,
      clientId: values.OIDC_CLIENT_ID,
      clientSecret: values.OIDC_CLIENT_SECRET,
      scope: values.OIDC_SCOPE,
    },
    sessionHours: values.SESSION_HOURS,
    kafkaBrokers: values.KAFKA_BROKERS,
    busDatabaseUrl: values.BUS_DATABASE_URL,
    deadlines: {
      read: values.READ_DEADLINE_MS,
      write: values.WRITE_DEADLINE_MS,
      import: values.IMPORT_DEADLINE_MS,
      view360: values.VIEW360_DEADLINE_MS,
    },
    bodyLimit: values.BODY_LIMIT_BYTES,
    mostInFlight: values.MOST_IN_FLIGHT,
    ratePerMinute: values.RATE_PER_MINUTE,
    mostStreams: values.MOST_STREAMS,
  };
}

const withoutSlash = (address: string): string => address.replace(/\/+$/, '');
