import { failedPrecondition, invalid } from '@openprm/errors';
import type { Money } from '@openprm/money';
import { closeReasons, isClosed, type CloseReason, type Opportunity, type OpportunityDecision, type Stage } from './opportunity';
import { requireOpportunityMove } from './opportunity-moves';
import { checkContent } from './register-deal';
import { checkRelatedPartners, type RelatedPartner } from './related-partner';

/** How far quotes and orders of the opportunity are, from the events of those who keep them. */
export interface SalesFacts {
  quoteStates: readonly string[];
  /** Orders that were submitted at least and not cancelled or refused. */
  orders: number;
}

const APPROVED_ON = ['APPROVED', 'PRESENTED', 'ACCEPTED', 'ORDERED'];
const ACCEPTED_ON = ['ACCEPTED', 'ORDERED'];
const REOPEN_DAYS = 30;

const next = (opportunity: Opportunity, now: Date, change: Partial<Opportunity>): Opportunity => ({
  ...opportunity,
  ...change,
  version: opportunity.version + 1,
  updateTime: now,
});

export type OpportunityEdit = Partial<
  Pick<Opportunity, 'title' | 'ownerPersonId' | 'ownerName' | 'lines' | 'amount' | 'expectedCloseDate' | 'leadMode'>
>;

export function editOpportunity(opportunity: Opportunity, edit: OpportunityEdit, now: Date): OpportunityDecision {
  requireOpportunityMove(opportunity.stage, 'edit');
  const after = next(opportunity, now, edit);
  checkContent(after);
  return { opportunity: after, move: 'edit', events: [{ type: 'OpportunityUpdated' }] };
}

export function changeStage(opportunity: Opportunity, stage: Stage, facts: SalesFacts, now: Date): OpportunityDecision {
  requireOpportunityMove(opportunity.stage, 'changeStage');
  if (isClosed(stage)) throw invalid('stage', 'closes the opportunity: use WinOpportunity or LoseOpportunity.');
  if (stage === opportunity.stage) throw invalid('stage', 'is the present stage.');
  if ((stage === 'PROPOSE' || stage === 'NEGOTIATE') && !has(facts, APPROVED_ON))
    throw failedPrecondition('QUOTE_NEEDED', `${stage} needs a quote that is approved.`);
  const after = next(opportunity, now, { stage, stageTime: now });
  return { opportunity: after, move: 'changeStage', events: [{ type: 'OpportunityStageChanged', previousStage: opportunity.stage }] };
}

const has = (facts: SalesFacts, states: readonly string[]): boolean =>
  facts.orders > 0 || facts.quoteStates.some((state) => states.includes(state));

export interface CloseInput {
  reason: CloseReason;
  text: string;
  closeDate: string | null;
  amount?: Money | null;
}

export function winOpportunity(opportunity: Opportunity, input: CloseInput, facts: SalesFacts, now: Date): OpportunityDecision {
  requireOpportunityMove(opportunity.stage, 'win');
  if (!has(facts, ACCEPTED_ON)) throw failedPrecondition('QUOTE_NEEDED', 'Winning needs an accepted quote or an order.');
  const change = closing('CLOSED_WON', input, now);
  const amount = input.amount ?? opportunity.amount;
  if (!amount) throw invalid('amount', 'is needed: the opportunity has none yet.', 'INVALID_AMOUNT');
  const after = next(opportunity, now, { ...change, amount });
  return { opportunity: after, move: 'win', events: [{ type: 'OpportunityWon' }], reason: input.reason, comment: input.text };
}

export function loseOpportunity(opportunity: Opportunity, input: CloseInput, now: Date): OpportunityDecision {
  requireOpportunityMove(opportunity.stage, 'lose');
  const after = next(opportunity, now, closing('CLOSED_LOST', input, now));
  return { opportunity: after, move: 'lose', events: [{ type: 'OpportunityLost' }], reason: input.reason, comment: input.text };
}

function closing(stage: 'CLOSED_WON' | 'CLOSED_LOST', input: CloseInput, now: Date): Partial<Opportunity> {
  if (!closeReasons[stage].includes(input.reason))
    throw invalid('reason', `does not fit ${stage}: use one of ${closeReasons[stage].join(', ')}.`);
  const today = now.toISOString().slice(0, 10);
  const closeDate = input.closeDate ?? today;
  if (closeDate > today) throw invalid('close_date', 'lies in the future.', 'INVALID_DATE');
  return { stage, stageTime: now, closeDate, closeReason: input.reason, closeText: input.text };
}

/** Opens again where it would go on: an opportunity has to be qualified anew whatever stage it was closed from. */
export function reopenOpportunity(opportunity: Opportunity, reason: string, facts: SalesFacts, now: Date): OpportunityDecision {
  requireOpportunityMove(opportunity.stage, 'reopen');
  if (facts.orders > 0) throw failedPrecondition('ORDER_EXISTS', 'An order exists: a correction is a new opportunity.');
  if (now.getTime() - opportunity.stageTime.getTime() > REOPEN_DAYS * 86_400_000)
    throw failedPrecondition('REOPEN_TOO_LATE', `Only within ${REOPEN_DAYS} days after it was closed.`);
  const after = next(opportunity, now, { stage: 'QUALIFY', stageTime: now, closeDate: null, closeReason: null, closeText: '' });
  return { opportunity: after, move: 'reopen', events: [{ type: 'OpportunityReopened' }], comment: reason };
}

export function setPartners(opportunity: Opportunity, related: RelatedPartner[], now: Date): OpportunityDecision {
  requireOpportunityMove(opportunity.stage, 'setPartners');
  checkRelatedPartners(related);
  return { opportunity: next(opportunity, now, { related }), move: 'setPartners', events: [{ type: 'OpportunityRelatedPartnersChanged' }] };
}
