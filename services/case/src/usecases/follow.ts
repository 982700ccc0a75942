import { SYSTEM } from '@openprm/access';
import { runOne, type Tx } from '@openprm/postgres';
import { findOpenCases } from '../db/cases';
import { loadConfiguration } from '../db/configuration';
import type { Deps } from '../deps';
import { OPEN_STATES, type Case, type CaseDecision } from '../domain/case';
import type { SupportLevel } from '../domain/configuration';
import { takeOverCase } from '../domain/deadlines';
import type { Circumstances } from '../domain/decide';
import { changeSupportLevel } from '../domain/work-case';
import { storeCase } from './store';

/** A partner that has ended works no cases: the enterprise goes on with those that are open. */
export async function followPartnerState(tx: Tx, deps: Deps, partnerId: string): Promise<void> {
  const partner = await runOne<{ state: string }>(tx, 'select state from access_partners where id = $1', [partnerId]);
  if (partner?.state === 'TERMINATED') await changeOpenCases(tx, deps, partnerId, takeOverCase);
}

/** A higher tier answers faster at once, also on cases that are open. */
export async function followSupportLevel(tx: Tx, deps: Deps, partnerId: string, level: SupportLevel): Promise<void> {
  await changeOpenCases(tx, deps, partnerId, (before, circumstances) => changeSupportLevel(before, level, circumstances));
}

async function changeOpenCases(
  tx: Tx,
  deps: Deps,
  partnerId: string,
  change: (before: Case, circumstances: Circumstances) => CaseDecision | null,
): Promise<void> {
  const views = await findOpenCases(tx, partnerId, OPEN_STATES);
  if (views.length === 0) return;
  const configuration = await loadConfiguration(tx, { withLoads: false });
  const now = deps.clock();
  for (const { case: before, ...names } of views) {
    const decision = change(before, { configuration, now, newId: deps.newId, relationshipManagerId: names.relationshipManagerId });
    if (decision) storeCase(tx, deps, before, decision, names, { actor: SYSTEM, now, configuration });
  }
}
