import { invalid } from '@openprm/errors';
import { transact, type Command } from '@openprm/postgres';
import type { Caller } from '@openprm/access';
import type { CaseView } from '../db/cases';
import { loadConfiguration } from '../db/configuration';
import { findSurroundings, type Found } from '../db/surroundings';
import type { Deps } from '../deps';
import { openCase as open, type CaseRequest } from '../domain/open-case';
import { openingScope, partyOf } from '../domain/reader';
import { storeCase } from './store';

export function openCase(deps: Deps, command: Command, caller: Caller, asked: CaseRequest): Promise<CaseView> {
  const partnerId = asked.partnerId || onlyPartnerOf(caller);
  return transact(deps, command, async (tx) => {
    const party = partyOf(caller);
    const found = await findSurroundings(tx, openingScope(caller), { ...asked, partnerId }, party.side === 'PARENT');
    if (!found) throw invalid('case.partner_id', 'is not a partner for which you can open a case.', 'UNKNOWN_PARTNER');
    checkReferences(asked, found);
    const configuration = await loadConfiguration(tx, { withLoads: true });
    const request = { ...asked, partnerId, sellingModel: asked.sellingModel ?? found.deal?.sellingModel ?? null };
    const around = {
      id: deps.newId(),
      number: found.number,
      partner: found,
      relationOwner: found.customer?.relationOwner ?? null,
      loads: configuration.loads,
    };
    const decision = open(request, party, around, configuration, command.now);
    const names = {
      partnerName: found.name,
      customerName: found.customer?.name ?? '',
      relationshipManagerId: found.relationshipManager?.personId ?? null,
    };
    return storeCase(tx, deps, null, decision, names, { actor: command.actor, now: command.now, configuration });
  });
}

/** Whoever works for one organisation need not name it. */
function onlyPartnerOf(caller: Caller): string {
  const partners = new Set(caller.memberships.map((each) => each.partnerId));
  const [only] = partners;
  if (partners.size !== 1 || only === undefined) throw invalid('case.partner_id', 'say for which partner the case is.', 'REQUIRED');
  return only;
}

function checkReferences(asked: CaseRequest, found: Found): void {
  if (asked.customerId && !found.customer)
    throw invalid('case.customer_id', 'is not an end customer of this partner that you can see.', 'UNKNOWN_CUSTOMER');
  if (asked.dealId && !found.deal) throw invalid('case.deal_id', 'is not a deal of this partner.', 'UNKNOWN_DEAL');
  if (asked.followsCaseId && !found.followsCase) throw invalid('case.follows_case_id', 'is not a case of this partner.', 'UNKNOWN_CASE');
}
