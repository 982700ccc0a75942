import { changed, type Deal, type DealDecision } from './deal';
import { stateAfter } from './deal-moves';
import { leadModeFor, opportunityOf, type LeadMode, type OpportunityDecision } from './opportunity';

export interface Conversion {
  opportunityId: string;
  opportunityNumber: string;
  leadMode: LeadMode | null;
}

/** One deal, one opportunity. The protection goes on with its dates; what comes of the opportunity ends it. */
export function convertDeal(
  deal: Deal,
  { opportunityId, opportunityNumber, leadMode }: Conversion,
  now: Date,
): { deal: DealDecision; opportunity: OpportunityDecision } {
  const state = stateAfter(deal, 'convert');
  const after = changed(deal, now, { state, opportunityId, opportunityNumber, dueTime: null });
  const opportunity = opportunityOf(
    after,
    { id: opportunityId, number: opportunityNumber, leadMode: leadMode ?? leadModeFor(deal.sellingModel) },
    now,
  );
  return {
    deal: { deal: after, move: 'convert', events: [{ type: 'DealConverted' }] },
    opportunity: { opportunity, move: 'create', events: [{ type: 'OpportunityCreated' }] },
  };
}
