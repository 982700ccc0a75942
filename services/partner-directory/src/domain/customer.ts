export type RelationOwner = 'PARTNER' | 'PARENT' | 'BOTH';
export type CustomerKind = 'COMPANY' | 'CONSUMER';

export interface CustomerProfile {
  name: string;
  kind: CustomerKind;
  country: string;
  city: string;
  industry: string;
  website: string;
  taxId: string;
  parentCustomerId: string | null;
  partnerId: string | null;
  relationOwner: RelationOwner;
  contactEmail: string;
  contactPhone: string;
}

export interface Customer extends CustomerProfile {
  id: string;
  version: number;
  externalId: string | null;
  createdAt: Date;
  updatedAt: Date;
}

export type CustomerEvent = { type: 'CustomerCreated' | 'CustomerUpdated' };

export interface CustomerDecision {
  customer: Customer;
  event: CustomerEvent;
}

export const createCustomer = (id: string, profile: CustomerProfile, externalId: string | null, now: Date): CustomerDecision => ({
  customer: { ...profile, id, version: 1, externalId, createdAt: now, updatedAt: now },
  event: { type: 'CustomerCreated' },
});

export const updateCustomer = (customer: Customer, profile: Partial<CustomerProfile>, now: Date): CustomerDecision => ({
  customer: { ...customer, ...profile, version: customer.version + 1, updatedAt: now },
  event: { type: 'CustomerUpdated' },
});

/** A named partner owns the relation unless somebody says otherwise; without one it is the enterprise's. */
export const defaultOwner = (partnerId: string | null): RelationOwner => (partnerId ? 'PARTNER' : 'PARENT');
