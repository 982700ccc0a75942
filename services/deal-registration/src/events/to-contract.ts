import * as contract from '@openprm/contracts/dealregistration';
import { toOutboxRow, type Codec } from '@openprm/messaging';
import type { OutboxRow } from '@openprm/postgres';
import { toDeal, type Reading } from '../contract/deal-message';
import { toOpportunity } from '../contract/opportunity-message';
import type { OpportunityView } from '../db/opportunities';
import type { Deal, DealEvent } from '../domain/deal';
import type { OpportunityDecision } from '../domain/opportunity';
import type { RelatedPartner } from '../domain/related-partner';

export interface Making extends Reading {
  newId: () => string;
}

const audienceOf = (partnerId: string | null, related: readonly RelatedPartner[]): string[] => [
  ...new Set([...(partnerId ? [partnerId] : []), ...related.filter((each) => each.access === 'AUTHORISED').map((each) => each.partnerId)]),
];

/** A domain event as integrators read it: the record as it is now, in the enterprise's view. */
export function dealEvent(deal: Deal, event: DealEvent, making: Making): OutboxRow {
  const message = { deal: toDeal(deal, 'ENTERPRISE', making), daysLeft: event.days ?? 0, businessDaysWaited: event.days ?? 0 };
  return toOutboxRow(contract[event.type] as unknown as Codec<typeof message>, message, {
    audience: audienceOf(deal.partnerId, deal.related),
    ...making,
  });
}

type Told = Pick<OpportunityView, 'opportunity' | 'protection' | 'quotes' | 'orders'>;

export function opportunityEvent(told: Told, event: OpportunityDecision['events'][number], making: Making): OutboxRow {
  const { partnerId, related } = told.opportunity;
  const message = {
    opportunity: toOpportunity(told, 'ENTERPRISE', making.now),
    previousStage: event.previousStage ? contract.OpportunityStage[event.previousStage] : contract.OpportunityStage.UNSPECIFIED,
  };
  return toOutboxRow(contract[event.type] as unknown as Codec<typeof message>, message, {
    audience: audienceOf(partnerId, related),
    ...making,
  });
}
