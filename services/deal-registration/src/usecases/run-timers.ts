import { SYSTEM } from '@openprm/access';
import { transact } from '@openprm/postgres';
import { lockCustomers } from '../db/claims';
import { findFreed, loadDealForSystem, lockDueDeals } from '../db/due';
import type { Deps } from '../deps';
import { changed } from '../domain/deal';
import { checked, recheck } from '../domain/claim';
import { termsOf } from '../domain/terms';
import { dueTimer, fireTimer } from '../domain/timers';
import { storeDeal } from './store';
import { autoApprove, candidatesFor, systemCommand } from './submit-deal';

const BATCH = 50;

/** Expires, reminds, withdraws and ends holds: everything that is due now. Answers how many deals it touched. */
export async function runDueTimers(deps: Deps): Promise<number> {
  let total = 0;
  for (;;) {
    const { touched, toApprove } = await runBatch(deps);
    for (const id of toApprove) await autoApprove(deps, id);
    total += touched;
    if (touched < BATCH) return total;
  }
}

/** One batch in one transaction: locked rows, one decision each, one statement to write them. */
async function runBatch(deps: Deps): Promise<{ touched: number; toApprove: string[] }> {
  const now = deps.clock();
  return transact(deps, systemCommand('RunTimers', now), async (tx) => {
    const due = await lockDueDeals(tx, now, BATCH);
    const toApprove: string[] = [];
    for (const { deal } of due) {
      const timer = dueTimer(deal, now);
      // An approval needs the lock on the customer, which is taken before any row; it has a transaction of its own.
      if (timer?.kind === 'AUTO_APPROVE') toApprove.push(deal.id);
      else if (timer) storeDeal(tx, deps, deal, fireTimer(deal, timer, now), { actor: SYSTEM, now });
    }
    return { touched: due.length, toApprove };
  });
}

/** Checks deals anew that waited behind a protection which has ended, so that reviewers and partners see it. */
export async function wakeQueued(deps: Deps): Promise<number> {
  const ids = await findFreed(deps.database, BATCH);
  for (const id of ids) await wake(deps, id);
  return ids.length;
}

async function wake(deps: Deps, id: string): Promise<void> {
  const now = deps.clock();
  await transact(deps, systemCommand('WakeQueued', now), async (tx) => {
    const found = await loadDealForSystem(tx, id);
    if (!found?.deal.queued) return;
    await lockCustomers(tx, found.deal.customerKeys);
    const terms = termsOf(found.offers, found.deal.programId);
    const conflict = recheck(found.deal, terms, await candidatesFor(tx, found.deal, terms, now), now);
    const deal = changed(found.deal, now, checked(conflict, terms));
    storeDeal(tx, deps, found.deal, { deal, move: 'check', events: [{ type: 'DealConflictChecked' }] }, { actor: SYSTEM, now });
  });
}
