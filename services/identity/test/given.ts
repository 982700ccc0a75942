import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId, openDatabase, type Database } from '@openprm/postgres';
import { givenDatabase as givenEmptyDatabase } from '@openprm/testing';
import type { Config } from '../src/config';
import { keepMembership } from '../src/db/accounts';
import { ensureCookieKey } from '../src/db/cookie-key';
import { migrations } from '../src/db/migrations';
import { ensureSigningKey } from '../src/db/signing-keys';
import { createHttp } from '../src/http/server';

export interface RunningIdentity {
  config: Config;
  database: Database;
  stop(): Promise<void>;
}

export const SANDBOX_SECRET = 'a-sandbox-secret';

/** Identity on a database of its own and a free port; `change` overrides settings. */
export async function givenIdentity(change: Partial<Config> = {}): Promise<RunningIdentity> {
  const database = await givenDatabase();
  const server = createServer();
  const port = await listen(server);
  const config: Config = { ...settings(port), ...change };
  const [signingKeys, cookieKey] = [await ensureSigningKey(database), await ensureCookieKey(database)];
  const onError = (error: unknown): void => console.error(error);
  server.on('request', createHttp({ config, database, signingKeys, cookieKey, onError }));
  return {
    config,
    database,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await database.destroy();
    },
  };
}

export async function givenDatabase(): Promise<Database> {
  const { url } = await givenEmptyDatabase('identity', migrations);
  return openDatabase({ url, name: 'identity-test', migrations });
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

export const settings = (port: number): Config => ({
  databaseUrl: '',
  host: '127.0.0.1',
  port,
  issuer: `http://127.0.0.1:${port}`,
  audience: 'openprm',
  publicUrl: 'http://127.0.0.1:8080',
  clientSecret: 'a-client-secret-of-the-gateway',
  kafkaBrokers: undefined,
  busDatabaseUrl: undefined,
  sandbox: {
    secret: SANDBOX_SECRET,
    signIns: [{ email: 'manager@partner.example', name: 'Mia <b>Manager</b>', persona: 'Partner manager' }],
  },
});

/** A person with one membership. */
export async function givenPerson(database: Database, email: string, state = 'ACTIVE') {
  const membership = { id: newId(), personId: newId(), email, name: 'Mia Manager', state, version: 1 };
  await keepMembership(database, membership);
  return membership;
}
