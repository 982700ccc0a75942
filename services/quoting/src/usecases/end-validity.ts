import { SYSTEM } from '@openprm/access';
import { PrmError } from '@openprm/errors';
import { transact, type Command } from '@openprm/postgres';
import { findEnding } from '../db/endings';
import { findQuote } from '../db/quotes';
import type { Deps } from '../deps';
import { dueNotice, expireQuote, noticeExpiry } from '../domain/quote-life';
import { storeQuote } from './store';

const AT_ONCE = 100;

/** Expires quotes whose validity has passed and gives notice seven days and one day before. Returns how many it changed. */
export async function endValidity(deps: Deps): Promise<number> {
  const now = deps.clock();
  let done = 0;
  for (let ids = await findEnding(deps.database, now, AT_ONCE); ids.length > 0; ids = await findEnding(deps.database, now, AT_ONCE)) {
    const changes = await Promise.allSettled(ids.map((id) => endOne(deps, id, now)));
    const failed = changes.filter((each) => each.status === 'rejected');
    done += changes.length - failed.length;
    // Another copy of the service, or somebody's command, was faster: the next round sees what is left.
    const surprise = failed.find((each) => !(each.reason instanceof PrmError && each.reason.code === 'ABORTED'));
    if (surprise) throw surprise.reason;
    if (failed.length === ids.length) return done;
  }
  return done;
}

function endOne(deps: Deps, id: string, now: Date): Promise<void> {
  const command: Command = { actor: SYSTEM, principal: 'system', method: 'EndValidity', now, fingerprint: '' };
  return transact(deps, command, async (tx) => {
    const loaded = await findQuote(tx, id);
    if (!loaded || (loaded.quote.state !== 'APPROVED' && loaded.quote.state !== 'PRESENTED')) return;
    if (loaded.quote.validUntil < now) {
      storeQuote(tx, deps, loaded, expireQuote(loaded.quote, now), { move: 'expire', actor: SYSTEM, now });
      return;
    }
    const days = dueNotice(loaded.quote, now);
    if (days !== null) storeQuote(tx, deps, loaded, noticeExpiry(loaded.quote, days, now), { move: 'remind', actor: SYSTEM, now });
  });
}
