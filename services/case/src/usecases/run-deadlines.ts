import { SYSTEM } from '@openprm/access';
import { transact, type Command } from '@openprm/postgres';
import { findCase, findDueCases, postponeCheck } from '../db/cases';
import { loadConfiguration } from '../db/configuration';
import type { Deps } from '../deps';
import { meetDeadline, nextDeadline } from '../domain/deadlines';
import { storeCase } from './store';

/** Cases looked at in one run; the next run takes the rest. */
const AT_ONCE = 100;

/**
 * Does what is due by itself: clock warnings and breaches, reminders, silent cases, solutions nobody objected to, hand-overs nobody
 * accepted, dedicated people who did not come. Returns how many things were done. Copies of the service may run it at the same time:
 * the version of the case lets one of them win.
 */
export async function runDeadlines(deps: Deps): Promise<number> {
  let done = 0;
  for (const id of await findDueCases(deps.database, deps.clock(), AT_ONCE)) done += await runDeadlinesOf(deps, id);
  return done;
}

/** Several deadlines of one case are met one after the other, each as a change of its own. */
async function runDeadlinesOf(deps: Deps, id: string): Promise<number> {
  let done = 0;
  while (await runOne(deps, id)) done++;
  return done;
}

async function runOne(deps: Deps, id: string): Promise<boolean> {
  const now = deps.clock();
  const command: Command = { actor: SYSTEM, principal: 'system', method: 'runDeadlines', now, fingerprint: '' };
  try {
    return await transact(deps, command, async (tx) => {
      const found = await findCase(tx, id);
      if (!found) return false;
      const { case: before, ...names } = found;
      const configuration = await loadConfiguration(tx, { withLoads: true });
      const deadline = nextDeadline(before, configuration);
      if (!deadline || deadline.at > now) {
        await postponeCheck(tx, before, deadline?.at ?? null);
        return false;
      }
      const circumstances = { configuration, now, newId: deps.newId, relationshipManagerId: names.relationshipManagerId };
      storeCase(tx, deps, before, meetDeadline(before, deadline.kind, configuration.loads, circumstances), names, {
        actor: SYSTEM,
        now,
        configuration,
      });
      return true;
    });
  } catch (error) {
    // Somebody else changed the case just now; the next run looks again.
    if ((error as { code?: string }).code === 'ABORTED') return false;
    throw error;
  }
}
