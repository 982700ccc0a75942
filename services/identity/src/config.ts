import { optional, port, postgresUrl, readConfig, text, url, type Setting } from '@openprm/config';
import { parseSandboxSignIns, type Sandbox, type SandboxSignIn } from './domain/sandbox-sign-in';

export interface Config {
  databaseUrl: string;
  host: string;
  port: number;
  issuer: string;
  audience: string;
  publicUrl: string;
  clientSecret: string;
  kafkaBrokers: string | undefined;
  busDatabaseUrl: string | undefined;
  sandbox: Sandbox | undefined;
}

const withoutSlash = (address: string): string => address.replace(/\/+$/, '');

const signIns = (): Setting<SandboxSignIn[]> => ({
  read: (raw) => {
    try {
      return parseSandboxSignIns(raw ?? '[]');
    } catch (error) {
      throw new Error(`${(error as Error).message}: give JSON like [{"email": "…", "name": "…", "persona": "…"}].`, { cause: error });
    }
  },
});

/** Reads the environment. Throws a ConfigError that names each faulty variable. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const values = readConfig(
    {
      DATABASE_URL: postgresUrl(),
      HOST: text('127.0.0.1'),
      HTTP_PORT: port(8081),
      OIDC_ISSUER: url(['http', 'https']),
      OIDC_AUDIENCE: text('openprm'),
      OIDC_CLIENT_SECRET: text(),
      PUBLIC_URL: url(['http', 'https']),
      KAFKA_BROKERS: optional(),
      BUS_DATABASE_URL: optional(),
      SANDBOX_SECRET: optional(),
      SANDBOX_SIGN_INS: signIns(),
    },
    env,
  );
  const secret = values.SANDBOX_SECRET;
  return {
    databaseUrl: values.DATABASE_URL,
    host: values.HOST,
    port: values.HTTP_PORT,
    issuer: withoutSlash(values.OIDC_ISSUER),
    audience: values.OIDC_AUDIENCE,
    publicUrl: withoutSlash(values.PUBLIC_URL),
    clientSecret: values.OIDC_CLIENT_SECRET,
    kafkaBrokers: values.KAFKA_BROKERS,
    busDatabaseUrl: values.BUS_DATABASE_URL,
    sandbox: secret === undefined ? undefined : { secret, signIns: values.SANDBOX_SIGN_INS },
  };
}
