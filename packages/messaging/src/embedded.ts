import pg from 'pg';
import type { Log } from '@openprm/telemetry';
import type { Broker, OutgoingMessage } from './broker-port';
import { topics as allTopics } from './catalog';
import { appendToLog, countLag, createBusTables, lockLog } from './embedded-schema';
import { EmbeddedSubscription, lockName } from './embedded-subscription';
import { GroupBusyError } from './group-busy';

export interface EmbeddedOptions {
  url: string;
  clientId: string;
  log: Log;
  /** Longest wait for a notification, in milliseconds. */
  pollMs?: number;
}

/** A broker on a Postgres database: one partition per topic, one active member per group and topic. */
export function connectEmbedded({ url, clientId, log, pollMs = 1_000 }: EmbeddedOptions): Broker {
  const pool = new pg.Pool({ connectionString: url, max: 2, application_name: `${clientId} bus`, idleTimeoutMillis: 10_000 });
  pool.on('error', (error) => log.debug({ err: error }, 'an idle connection to the bus broke'));
  const subscriptions = new Set<EmbeddedSubscription>();
  const tables = once(() => transaction(pool, async (client) => void (await client.query(createBusTables))));

  return {
    async publish(messages) {
      if (messages.length === 0) return;
      await tables();
      await transaction(pool, (client) => append(client, messages));
    },
    async ensureTopics(wanted = allTopics()) {
      await tables();
      await pool.query('insert into bus_topics (topic) select unnest($1::text[]) on conflict do nothing', [
        wanted.map((each) => each.topic),
      ]);
    },
    async subscribe(options) {
      const subscription = new EmbeddedSubscription({
        ...options,
        connection: { connectionString: url, application_name: `${clientId} bus` },
        prepare: tables,
        pollMs,
        log,
      });
      subscriptions.add(subscription);
      return {
        lag: async () => (await pool.query<{ lag: number }>(countLag, [options.group, subscription.held()])).rows[0]!.lag,
        stop: (graceMs) => subscription.stop(graceMs).finally(() => subscriptions.delete(subscription)),
      };
    },
    async resetGroup(group) {
      await tables();
      await transaction(pool, (client) => forgetPlaces(client, group));
    },
    async lag(group, topics) {
      await tables();
      return (await pool.query<{ lag: number }>(countLag, [group, topics])).rows[0]!.lag;
    },
    async close() {
      await Promise.all([...subscriptions].map((each) => each.stop()));
      await pool.end();
    },
  };
}

async function append(client: pg.PoolClient, messages: OutgoingMessage[]): Promise<void> {
  await client.query(lockLog);
  await client.query(appendToLog, [JSON.stringify(messages.map((message, place) => ({ ...message, place })))]);
  await client.query(`select pg_notify('bus', topic) from unnest($1::text[]) topic`, [[...new Set(messages.map((each) => each.topic))]]);
}

/** The places of a group go only while none of its topics is held by a member. */
async function forgetPlaces(client: pg.PoolClient, group: string): Promise<void> {
  const { rows } = await client.query<{ topic: string }>('select topic from bus_groups where group_id = $1', [group]);
  for (const { topic } of rows) {
    const { rows: locks } = await client.query<{ free: boolean }>(`select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as free`, [
      lockName(group, topic),
    ]);
    if (!locks[0]?.free) throw new GroupBusyError(group);
  }
  await client.query('delete from bus_groups where group_id = $1', [group]);
}

async function transaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    // Closing the connection rolls back, and works also when the connection is what broke.
    client.release(true);
    throw error;
  }
}

/** Runs once; a failure is forgotten, so that the next call tries again. */
function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () =>
    (running ??= work().catch((error: unknown) => {
      running = undefined;
      throw error;
    }));
}
