import { invalid } from '@openprm/errors';
import { customerKeys, identify } from './customer-keys';
import { isSellingModel } from './selling-models';
import { leadModeFor, type LeadMode, type Opportunity, type OpportunityDecision } from './opportunity';
import { checkContent } from './register-deal';

export type NewOpportunity = Pick<
  Opportunity,
  | 'id'
  | 'number'
  | 'partnerId'
  | 'partnerName'
  | 'ownerPersonId'
  | 'ownerName'
  | 'title'
  | 'type'
  | 'sellingModel'
  | 'customer'
  | 'lines'
  | 'amount'
  | 'expectedCloseDate'
  | 'related'
> & { leadMode: LeadMode | null };

/** An opportunity without a deal: the enterprise's own (it then stands in the way of claims), or one it passes to a partner. */
export function createOpportunity(input: NewOpportunity, now: Date): OpportunityDecision {
  if (input.title === '') throw invalid('opportunity.title', 'is needed.');
  if (input.customer.name === '' || input.customer.country === '')
    throw invalid('opportunity.customer', 'needs a name and a country.', 'INCOMPLETE');
  checkContent(input);
  const model = input.sellingModel && isSellingModel(input.sellingModel) ? input.sellingModel : null;
  const opportunity: Opportunity = {
    ...input,
    sellingModel: model,
    leadMode: input.leadMode ?? (input.partnerId === null ? 'PARENT_LED' : model ? leadModeFor(model) : 'PARTNER_LED'),
    dealId: null,
    dealNumber: '',
    customerKeys: customerKeys(identify(input.customer)),
    stage: 'PROSPECT',
    stageTime: now,
    closeDate: null,
    closeReason: null,
    closeText: '',
    externalId: null,
    version: 1,
    createTime: now,
    updateTime: now,
  };
  return { opportunity, move: 'create', events: [{ type: 'OpportunityCreated' }] };
}
