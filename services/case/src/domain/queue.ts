import type { Category, Configuration, QueueOwner, QueuePolicy, RelationOwner, SellingModel } from './configuration';

export type OnBehalfOf = 'SELF' | 'ORGANISATION' | 'END_CUSTOMER';

export interface QueueFacts {
  onBehalfOf: OnBehalfOf;
  sellingModel: SellingModel | null;
  relationOwner: RelationOwner | null;
  category: Category;
  openedByCustomer: boolean;
}

export interface Queue {
  owner: QueueOwner;
  /** False for what the end customer told the enterprise in confidence of its own relation. */
  partnerSees: boolean;
  partnerMayRefer: boolean;
}

/**
 * Whose queue: what a partner asks for itself goes to the enterprise; for an end customer the selling model decides, else the
 * customer's service model, else the category.
 */
export function findQueue(configuration: Configuration, facts: QueueFacts): Queue {
  if (facts.onBehalfOf !== 'END_CUSTOMER') return { owner: 'PARENT', partnerSees: true, partnerMayRefer: false };
  const policy = policyFor(configuration, facts);
  return {
    owner: policy.queueOwner,
    partnerSees: !(policy.hidesCustomerCases && facts.openedByCustomer),
    partnerMayRefer: policy.partnerMayRefer,
  };
}

function policyFor(configuration: Configuration, { sellingModel, relationOwner, category }: QueueFacts): QueuePolicy {
  const known =
    (sellingModel && configuration.sellingModels.get(sellingModel)) ?? (relationOwner && configuration.serviceModels.get(relationOwner));
  return known ?? { queueOwner: category.queueOwner, hidesCustomerCases: false, partnerMayRefer: true };
}
