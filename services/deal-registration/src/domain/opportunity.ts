import type { Money } from '@openprm/money';
import type { Customer, Deal, Line } from './deal';
import type { RelatedPartner } from './related-partner';
import type { SellingModel } from './selling-models';

export const stages = ['PROSPECT', 'QUALIFY', 'DEVELOP', 'PROPOSE', 'NEGOTIATE', 'CLOSED_WON', 'CLOSED_LOST'] as const;
export type Stage = (typeof stages)[number];
export type OpenStage = Exclude<Stage, 'CLOSED_WON' | 'CLOSED_LOST'>;

export type LeadMode = 'PARTNER_LED' | 'PARENT_LED' | 'CO_SELL';
export type CloseReason = 'PRODUCT_MIX' | 'PRICE' | 'RELATION' | 'COMPETITOR' | 'NO_DECISION' | 'TIMING' | 'OTHER';

/** Default probabilities in percent; observed ones take their place once enough deals have closed. */
export const probabilities: Readonly<Record<Stage, number>> = {
  PROSPECT: 10,
  QUALIFY: 20,
  DEVELOP: 40,
  PROPOSE: 60,
  NEGOTIATE: 80,
  CLOSED_WON: 100,
  CLOSED_LOST: 0,
};

export const closeReasons: Readonly<Record<'CLOSED_WON' | 'CLOSED_LOST', readonly CloseReason[]>> = {
  CLOSED_WON: ['PRODUCT_MIX', 'PRICE', 'RELATION', 'OTHER'],
  CLOSED_LOST: ['COMPETITOR', 'PRICE', 'NO_DECISION', 'TIMING', 'OTHER'],
};

export interface Opportunity {
  id: string;
  number: string;
  dealId: string | null;
  dealNumber: string;
  /** Null for a direct opportunity of the enterprise. */
  partnerId: string | null;
  partnerName: string;
  ownerPersonId: string | null;
  ownerName: string;
  title: string;
  type: string;
  sellingModel: SellingModel | null;
  leadMode: LeadMode;
  customer: Customer;
  /** Keys of the customer of a direct opportunity; those of a deal's opportunity stand with the deal. */
  customerKeys: string[];
  lines: Line[];
  amount: Money | null;
  stage: Stage;
  stageTime: Date;
  expectedCloseDate: string | null;
  closeDate: string | null;
  closeReason: CloseReason | null;
  closeText: string;
  related: RelatedPartner[];
  externalId: string | null;
  version: number;
  createTime: Date;
  updateTime: Date;
}

export type OpportunityEventType =
  | 'OpportunityCreated'
  | 'OpportunityUpdated'
  | 'OpportunityStageChanged'
  | 'OpportunityWon'
  | 'OpportunityLost'
  | 'OpportunityReopened'
  | 'OpportunityRelatedPartnersChanged'
  | 'OpportunityImported';

export interface OpportunityDecision {
  opportunity: Opportunity;
  move: string;
  events: { type: OpportunityEventType; previousStage?: Stage }[];
  reason?: string;
  comment?: string;
}

export const isClosed = (stage: Stage): stage is 'CLOSED_WON' | 'CLOSED_LOST' => stage === 'CLOSED_WON' || stage === 'CLOSED_LOST';

const STALLED_DAYS = 30;
const STALLED_DAYS_LATE = 14;

/** Open and nothing moved for a while; later stages are expected to move faster. */
export function isStalled(opportunity: Opportunity, now: Date): boolean {
  if (isClosed(opportunity.stage)) return false;
  const days = opportunity.stage === 'PROPOSE' || opportunity.stage === 'NEGOTIATE' ? STALLED_DAYS_LATE : STALLED_DAYS;
  return now.getTime() - opportunity.updateTime.getTime() > days * 86_400_000;
}

/** Who leads unless somebody says otherwise: who owns the customer under the selling model. */
export const leadModeFor = (model: SellingModel): LeadMode =>
  model === 'REFERRAL' || model === 'REG_PARENT_RETAINS' ? 'PARENT_LED' : model === 'DUAL' ? 'CO_SELL' : 'PARTNER_LED';

/** The opportunity that a deal becomes: lines, partner roles and model are copied, and stay what they were. */
export function opportunityOf(deal: Deal, own: Pick<Opportunity, 'id' | 'number' | 'leadMode'>, now: Date): Opportunity {
  return {
    ...own,
    dealId: deal.id,
    dealNumber: deal.number,
    partnerId: deal.partnerId,
    partnerName: deal.partnerName,
    ownerPersonId: deal.ownerPersonId,
    ownerName: deal.ownerName,
    title: deal.title,
    type: deal.type,
    sellingModel: deal.sellingModel,
    customer: deal.customer,
    customerKeys: [],
    lines: deal.lines,
    amount: deal.amount,
    stage: 'QUALIFY',
    stageTime: now,
    expectedCloseDate: deal.expectedCloseDate,
    closeDate: null,
    closeReason: null,
    closeText: '',
    related: deal.related,
    externalId: null,
    version: 1,
    createTime: now,
    updateTime: now,
  };
}
