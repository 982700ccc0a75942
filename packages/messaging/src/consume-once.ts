import { withDecisions, run, type Database, type Tx } from '@openprm/postgres';
import { notifyOutbox } from './notify';

/**
 * Does the work for an event unless the consumer has done it before. The note in the inbox, the effect and the events that
 * follow from it are one transaction. True when it was done now.
 */
export async function consumeOnce(
  database: Database,
  consumer: string,
  eventId: string,
  work: (tx: Tx) => Promise<void>,
): Promise<boolean> {
  const done = await database.transaction(async (tx) => {
    const claimed = await claim(tx, consumer, [eventId]);
    if (claimed.size > 0) await withDecisions(tx, () => work(tx));
    return claimed.size > 0;
  });
  if (done) notifyOutbox(database);
  return done;
}

/** Notes events in the inbox and gives those that were not there yet. Waits for another transaction that is noting the same. */
export async function claim(tx: Tx, consumer: string, eventIds: string[]): Promise<Set<string>> {
  const rows = await run<{ event_id: string }>(
    tx,
    'insert into inbox (consumer, event_id) select $1, unnest($2::uuid[]) on conflict do nothing returning event_id',
    [consumer, eventIds],
  );
  return new Set(rows.map((row) => row.event_id));
}
