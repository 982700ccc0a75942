import { SYSTEM } from '@openprm/access';
import { PrmError } from '@openprm/errors';
import { transact, type Command } from '@openprm/postgres';
import { findEnding } from '../db/endings';
import { findQuote } from '../db/quotes';
import type { Deps } from '../deps';
import { dueNotice, expireQuote, noticeExpiry } from '../domain/quote-life';
import { storeQuote } from './store';

// Below the size of the connection pool, so that the timer never makes a request wait.
const AT_ONCE = 5;

/** Expires quotes whose validity has passed and gives notice seven days and one day before. Returns how many it changed. */
export async function endValidity(deps: Deps): Promise<number> {
  const now = deps.clock();
  let done = 0;
  for (;;) {
    const ids = await findEnding(deps.database, now, AT_ONCE);
    const outcomes = await Promise.allSettled(ids.map((id) => endOne(deps, id, now)));
    const changed = outcomes.filter((each) => each.status === 'fulfilled' && each.value).length;
    // Another copy of the service, or somebody's command, was faster: the next round sees what is left.
    const surprise = outcomes.find((each) => each.status === 'rejected' && !isStale(each.reason));
    if (surprise) throw (surprise as PromiseRejectedResult).reason;
    done += changed;
    if (changed === 0) return done;
  }
}

const isStale = (error: unknown): boolean => error instanceof PrmError && error.code === 'ABORTED';

/** True when something was due. */
function endOne(deps: Deps, id: string, now: Date): Promise<boolean> {
  const command: Command = { actor: SYSTEM, principal: 'system', method: 'EndValidity', now, fingerprint: '' };
  return transact(deps, command, async (tx) => {
    const loaded = await findQuote(tx, id);
    if (!loaded || (loaded.quote.state !== 'APPROVED' && loaded.quote.state !== 'PRESENTED')) return false;
    if (loaded.quote.validUntil < now) {
      storeQuote(tx, deps, loaded, expireQuote(loaded.quote, now), { move: 'expire', actor: SYSTEM, now });
      return true;
    }
    const days = dueNotice(loaded.quote, now);
    if (days === null) return false;
    storeQuote(tx, deps, loaded, noticeExpiry(loaded.quote, days, now), { move: 'remind', actor: SYSTEM, now });
    return true;
  });
}
