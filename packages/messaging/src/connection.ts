import pg from 'pg';
import { poolOf, type Database } from '@openprm/postgres';

/** A connection of its own, outside the pool: for locks and LISTEN, which last as long as the connection. */
export function openConnection(options: pg.ClientConfig, onLost: (error: Error) => void): pg.Client {
  const client = new pg.Client({ ...options, keepAlive: true });
  // Without a listener a broken connection would end the process.
  client.on('error', onLost);
  client.on('end', () => onLost(new Error('The connection ended.')));
  return client;
}

/** How the service's pool connects, without its size. */
export function connectionOptions(database: Database): pg.ClientConfig {
  const { options } = poolOf(database) as unknown as { options: pg.PoolConfig };
  return { ...options, application_name: `${options.application_name ?? 'openprm'} relay` };
}
