import type { Caller } from '@openprm/access';
import { transact, type Command } from '@openprm/postgres';
import type { DealView } from '../db/deals';
import { nextOpportunityNumber } from '../db/opportunities';
import { opportunityNumber } from '../db/partners';
import type { Deps } from '../deps';
import { convertDeal as convert } from '../domain/convert-deal';
import type { LeadMode } from '../domain/opportunity';
import { loadForMove, type DealRef } from './move-deal';
import { nothingAround, storeDeal, storeOpportunity } from './store';

/** Deal and opportunity change in one transaction; the unique deal of an opportunity keeps a second one out. */
export function convertDeal(deps: Deps, command: Command, caller: Caller, ref: DealRef, leadMode: LeadMode | null): Promise<DealView> {
  return transact(deps, command, async (tx) => {
    const moving = await loadForMove(tx, deps, command, caller, ref, 'convert');
    const number = opportunityNumber(await nextOpportunityNumber(tx));
    const { deal, opportunity } = convert(moving.deal, { opportunityId: deps.newId(), opportunityNumber: number, leadMode }, command.now);
    storeOpportunity(tx, deps, null, opportunity, { ...nothingAround, protection: deal.deal.protection }, command);
    return { ...moving, deal: storeDeal(tx, deps, moving.deal, deal, command) };
  });
}
