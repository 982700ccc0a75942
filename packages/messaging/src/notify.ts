import { poolOf, type Database } from '@openprm/postgres';

export const OUTBOX_CHANNEL = 'outbox';
const WINDOW = 10;

interface Notifier {
  pending: boolean;
  timer: NodeJS.Timeout | undefined;
}

const notifiers = new WeakMap<Database, Notifier>();
const localRelays = new WeakMap<Database, () => void>();

/** A relay in this process that holds the lock; waking it needs no round trip to the database. */
export function setLocalRelay(database: Database, wake: (() => void) | undefined): void {
  if (wake) localRelays.set(database, wake);
  else localRelays.delete(database);
}

/**
 * Tells the relay, after a commit, that there is something to send: at once, and then at most once per 10 ms, because a
 * notification within every write would cost a fifth of the throughput. Never fails; the relay looks by itself now and then.
 */
export function notifyOutbox(database: Database): void {
  const notifier = notifiers.get(database) ?? { pending: false, timer: undefined };
  notifiers.set(database, notifier);
  if (notifier.timer) {
    notifier.pending = true;
    return;
  }
  send(database);
  notifier.timer = setTimeout(() => {
    notifier.timer = undefined;
    if (!notifier.pending) return;
    notifier.pending = false;
    notifyOutbox(database);
  }, WINDOW);
  notifier.timer.unref();
}

function send(database: Database): void {
  const wake = localRelays.get(database);
  if (wake) return wake();
  if (database.isInitialized)
    poolOf(database)
      .query(`select pg_notify('${OUTBOX_CHANNEL}', '')`)
      .catch(() => {});
}
