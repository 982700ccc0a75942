import { run, runOne, type Database } from '@openprm/postgres';
import type { Log } from '@openprm/telemetry';
import type { Broker } from './broker-port';
import { GroupBusyError } from './group-busy';
import { pause } from './pause';

/** False in a fresh database, or after `resetConsumer`: the consumer then has everything to read. */
export async function hasStarted(database: Database, consumer: string): Promise<boolean> {
  return (await runOne(database, 'select 1 from consumer_state where consumer = $1', [consumer])) !== null;
}

/**
 * Makes the consumer read its topics from the beginning, as one that starts in a fresh database does: its inbox is emptied, so
 * that every effect happens anew. Meant for consumers that keep reference copies. Those that run notice within seconds.
 */
export async function resetConsumer(database: Database, consumer: string): Promise<void> {
  await run(database, 'delete from consumer_state where consumer = $1', [consumer]);
}

/**
 * Before the first subscription: when this database has never heard of the consumer, whatever the broker remembers of the group
 * belongs to a database that is gone. Of several copies that start at once one does it.
 */
export async function beginWhereDue(database: Database, broker: Broker, consumer: string, log: Log, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !(await hasStarted(database, consumer))) {
    try {
      await broker.resetGroup(consumer);
      log.info({ consumer }, 'starting from the beginning of its topics');
      return await markStarted(database, consumer);
    } catch (error) {
      if (!(error instanceof GroupBusyError)) throw error;
      // Another copy is about to leave for the same reason, or has just been killed and is still counted as a member.
      await pause(250, signal);
    }
  }
}

async function markStarted(database: Database, consumer: string): Promise<void> {
  await database.transaction(async (tx) => {
    const first = await runOne(tx, 'insert into consumer_state (consumer) values ($1) on conflict do nothing returning 1', [consumer]);
    if (first) await run(tx, 'delete from inbox where consumer = $1', [consumer]);
  });
}
