import {
  CloseReason,
  LeadMode,
  OpportunityStage,
  SellingModel,
  type Opportunity as OpportunityMessage,
} from '@openprm/contracts/dealregistration';
import type { OpportunityView } from '../db/opportunities';
import { isStalled, probabilities } from '../domain/opportunity';
import type { View } from './deal-message';
import { money, toCustomerMessage, toLineMessage, toProtectionMessage, toRelatedMessage } from './parts';

type Told = Pick<OpportunityView, 'opportunity' | 'protection' | 'quotes' | 'orders'>;

/** A co-seller reads products and quantities but no amounts; only the enterprise reads who is merely listed. */
export function toOpportunity({ opportunity, protection, quotes, orders }: Told, view: View, now: Date): OpportunityMessage {
  const shared = view === 'CO_SELLER';
  const holder = {
    id: opportunity.dealId ?? '',
    partnerId: opportunity.partnerId ?? '',
    opportunityId: opportunity.id,
    customer: opportunity.customer,
    protection,
  };
  const related = view === 'ENTERPRISE' ? opportunity.related : opportunity.related.filter((each) => each.access === 'AUTHORISED');
  return {
    id: opportunity.id,
    number: opportunity.number,
    dealId: opportunity.dealId ?? '',
    dealNumber: opportunity.dealNumber,
    partnerId: opportunity.partnerId ?? '',
    partnerName: opportunity.partnerName,
    ownerPersonId: opportunity.ownerPersonId ?? '',
    ownerName: opportunity.ownerName,
    title: opportunity.title,
    type: opportunity.type,
    sellingModel: opportunity.sellingModel ? SellingModel[opportunity.sellingModel] : SellingModel.UNSPECIFIED,
    leadMode: LeadMode[opportunity.leadMode],
    customer: toCustomerMessage(opportunity.customer),
    lines: opportunity.lines.map((line) => toLineMessage(shared ? { ...line, amount: null } : line)),
    amount: shared ? undefined : money(opportunity.amount),
    stage: OpportunityStage[opportunity.stage],
    probability: probabilities[opportunity.stage],
    expectedCloseDate: opportunity.expectedCloseDate ?? '',
    closeDate: opportunity.closeDate ?? '',
    closeReason: opportunity.closeReason && !shared ? CloseReason[opportunity.closeReason] : CloseReason.UNSPECIFIED,
    closeText: shared ? '' : opportunity.closeText,
    relatedPartners: related.map(toRelatedMessage),
    protection: toProtectionMessage(holder),
    quotes: shared ? [] : quotes,
    orderIds: shared ? [] : orders.map((order) => order.orderId),
    stageTime: opportunity.stageTime,
    stalled: isStalled(opportunity, now),
    externalId: shared ? '' : (opportunity.externalId ?? ''),
    moves: [],
    etag: String(opportunity.version),
    createTime: opportunity.createTime,
    updateTime: opportunity.updateTime,
  };
}
