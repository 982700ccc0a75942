import {
  CustomerKind,
  PartnerState,
  RelationOwner,
  Role,
  type Customer as CustomerMessage,
  type Partner as PartnerMessage,
} from '@openprm/contracts/partnerdirectory';
import { word } from '@openprm/contracts';
import type { Role as DomainRole } from '@openprm/access';
import { defaultOwner, type CustomerProfile } from '../domain/customer';
import type { PartnerProfile, PartnerState as DomainPartnerState } from '../domain/partner';

export const toProfile = (message: PartnerMessage): PartnerProfile => ({
  name: message.name,
  types: message.types,
  country: message.country,
  city: message.city,
  website: message.website,
  taxId: message.taxId,
  capabilities: {
    specialisations: message.capabilities?.specialisations ?? [],
    marketFocus: message.capabilities?.marketFocus ?? [],
    regions: message.capabilities?.regions ?? [],
    expertise: message.capabilities?.expertise ?? [],
  },
});

export const toCustomerProfile = (message: CustomerMessage): CustomerProfile => ({
  name: message.name,
  kind: word(CustomerKind, message.kind) ?? 'COMPANY',
  country: message.country,
  city: message.city,
  industry: message.industry,
  website: message.website,
  taxId: message.taxId,
  parentCustomerId: message.parentCustomerId || null,
  partnerId: message.partnerId || null,
  relationOwner: word(RelationOwner, message.relationOwner) ?? defaultOwner(message.partnerId || null),
  contactEmail: message.contactEmail,
  contactPhone: message.contactPhone,
});

export const toRole = (role: Role): DomainRole => word(Role, role) as DomainRole;
export const toPartnerState = (state: PartnerState): DomainPartnerState | undefined => word(PartnerState, state);
