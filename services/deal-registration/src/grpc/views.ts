import type { Deal as DealMessage, Opportunity as OpportunityMessage } from '@openprm/contracts/dealregistration';
import { toHistory } from '@openprm/grpc';
import type { History } from '@openprm/contracts/type';
import { loadAudit } from '@openprm/postgres';
import { toDeal, type View } from '../contract/deal-message';
import { toOpportunity } from '../contract/opportunity-message';
import type { DealView } from '../db/deals';
import type { OpportunityView } from '../db/opportunities';
import type { Deps } from '../deps';
import { actsForPartner, isEnterpriseSide, possibleMoves, possibleOpportunityMoves, type Standing } from '../domain/authority';
import { termsOf } from '../domain/terms';
import { authorityFacts } from '../usecases/move-deal';

const viewOf = (view: { standing: Standing; inScope: boolean }): View =>
  isEnterpriseSide(view.standing) ? 'ENTERPRISE' : view.inScope ? 'PARTNER' : 'CO_SELLER';

/** A partner that is suspended reads only. */
const isFrozen = ({ standing, partnerState }: { standing: Standing; partnerState: string }): boolean =>
  actsForPartner(standing) && partnerState !== 'ACTIVE';

/** The deal as this caller may read it, with the moves they may make now. */
export function tellDeal(deps: Deps, view: DealView, now: Date): DealMessage {
  const { deal, standing, offers } = view;
  const facts = { deal, ...authorityFacts(deps, termsOf(offers, deal.programId)) };
  const moves = isFrozen(view) ? [] : possibleMoves(standing, facts);
  return { ...toDeal(deal, viewOf(view), { now, calendar: deps.settings.calendar }), moves };
}

/** In lists the conflict check is left out: it is long, and nobody reads twenty at once. */
export const tellListedDeal = (deps: Deps, view: DealView, now: Date): DealMessage => ({
  ...tellDeal(deps, view, now),
  conflict: undefined,
});

export function tellOpportunity(view: OpportunityView, now: Date): OpportunityMessage {
  const moves = isFrozen(view) ? [] : possibleOpportunityMoves(view.standing, view.opportunity);
  return { ...toOpportunity(view, viewOf(view), now), moves };
}

// These would tell a partner that somebody else claims the customer, or that it is under suspicion.
const ENTERPRISE_ONLY = ['decideConflict', 'check', 'requestRevocation', 'releaseProtection'];

export async function tellHistory(deps: Deps, id: string, view: { standing: Standing; inScope: boolean }): Promise<History> {
  const side = viewOf(view);
  const { entries } = toHistory(await loadAudit(deps.database, id), side === 'ENTERPRISE');
  if (side === 'ENTERPRISE') return { entries };
  const open = entries.filter((entry) => !ENTERPRISE_ONLY.includes(entry.move));
  return { entries: side === 'PARTNER' ? open : open.map((entry) => ({ ...entry, comment: '', actorName: '' })) };
}
