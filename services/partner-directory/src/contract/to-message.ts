import {
  CustomerKind,
  MembershipState,
  OrganisationKind,
  PartnerState,
  RelationOwner,
  Role,
  type Customer as CustomerMessage,
  type Partner as PartnerMessage,
  type StaffMember as StaffMessage,
} from '@openprm/contracts/partnerdirectory';
import type { PartnerView } from '../db/partners';
import type { Customer } from '../domain/customer';
import type { StaffMember } from '../domain/staff';

/** A partner without what only the enterprise may read; callers add it where it is allowed. */
export const toPartner = ({ partner, parentName, relationshipManagerName }: PartnerView): PartnerMessage => ({
  id: partner.id,
  name: partner.name,
  types: partner.types,
  kind: OrganisationKind[partner.kind],
  state: PartnerState[partner.state],
  parentId: partner.parentId ?? '',
  parentName,
  country: partner.country,
  city: partner.city,
  website: partner.website,
  taxId: partner.taxId,
  capabilities: partner.capabilities,
  relationshipManagerId: partner.relationshipManagerId ?? '',
  relationshipManagerName,
  externalId: partner.externalId ?? '',
  moves: [],
  stateReason: '',
  etag: String(partner.version),
  createTime: partner.createdAt,
  updateTime: partner.updatedAt,
});

export const toStaffMember = ({ member, partnerName }: { member: StaffMember; partnerName: string }): StaffMessage => ({
  id: member.id,
  partnerId: member.partnerId,
  partnerName,
  personId: member.personId,
  name: member.name,
  email: member.email,
  role: Role[member.role],
  state: MembershipState[member.state],
  includeDescendants: member.includeDescendants,
  externalId: member.externalId ?? '',
  invitationExpireTime: member.invitationExpiresAt ?? undefined,
  moves: [],
  etag: String(member.version),
  createTime: member.createdAt,
  updateTime: member.updatedAt,
});

export const toCustomer = (customer: Customer): CustomerMessage => ({
  id: customer.id,
  name: customer.name,
  kind: CustomerKind[customer.kind],
  country: customer.country,
  city: customer.city,
  industry: customer.industry,
  website: customer.website,
  taxId: customer.taxId,
  parentCustomerId: customer.parentCustomerId ?? '',
  partnerId: customer.partnerId ?? '',
  relationOwner: RelationOwner[customer.relationOwner],
  contactEmail: customer.contactEmail,
  contactPhone: customer.contactPhone,
  externalId: customer.externalId ?? '',
  etag: String(customer.version),
  createTime: customer.createdAt,
  updateTime: customer.updatedAt,
});
