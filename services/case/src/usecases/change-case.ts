import { checkEtag, transact, type Command, type Tx } from '@openprm/postgres';
import type { Caller } from '@openprm/access';
import { loadCase, type CaseView } from '../db/cases';
import { loadConfiguration } from '../db/configuration';
import type { Deps } from '../deps';
import type { Case, CaseDecision } from '../domain/case';
import type { Circumstances } from '../domain/decide';
import { partyOf, readerOf } from '../domain/reader';
import type { Party } from '../domain/who-may';
import { storeCase } from './store';

export interface Target {
  id: string;
  etag: string;
}

/** A rule of the domain with what was asked filled in; it may look something up first. */
export type Change = (before: Case, party: Party, circumstances: Circumstances, tx: Tx) => CaseDecision | Promise<CaseDecision>;

export interface Changed extends CaseView {
  decision: CaseDecision;
}

/** Loads the case within what the caller may see, applies the rule, stores: every change that a person makes. */
export function changeCase(deps: Deps, command: Command, caller: Caller, target: Target, change: Change): Promise<Changed> {
  return transact(deps, command, async (tx) => {
    const { case: before, ...names } = await loadCase(tx, readerOf(caller), target.id);
    checkEtag(before, target.etag);
    const configuration = await loadConfiguration(tx, { withLoads: false });
    const circumstances = { configuration, now: command.now, newId: deps.newId, relationshipManagerId: names.relationshipManagerId };
    const decision = await change(before, partyOf(caller), circumstances, tx);
    const view = storeCase(tx, deps, before, decision, names, { actor: command.actor, now: command.now, configuration });
    return { ...view, decision };
  });
}
