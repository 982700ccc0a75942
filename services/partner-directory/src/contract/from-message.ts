import { CustomerKind, PartnerState, RelationOwner, Role, type Customer as CustomerMessage, type Partner as PartnerMessage } from '@openprm/contracts/partnerdirectory';
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

/** Only the fields that the mask names; an empty mask means all. */
export function masked<T extends object>(profile: T, paths: string[] | undefined): Partial<T> {
  if (!paths || paths.length === 0) return profile;
  const names = new Set(paths.map((path) => camel(path.split('.')[0]!)));
  return Object.fromEntries(Object.entries(profile).filter(([name]) => names.has(name))) as Partial<T>;
}

export const toRole = (role: Role): DomainRole => word(Role, role) as DomainRole;
export const toStates = <S extends string>(type: Record<string, string>, states: string[]): S[] => states.map((state) => word(type, state) as S);
export const toPartnerState = (state: PartnerState): DomainPartnerState | undefined => word(PartnerState, state) as DomainPartnerState | undefined;

/** The short word of an enum value; undefined for UNSPECIFIED. */
function word<E extends Record<string, string>>(type: E, value: string): Exclude<keyof E, 'UNSPECIFIED' | 'UNRECOGNIZED'> | undefined {
  const key = Object.keys(type).find((each) => type[each] === value);
  return key === undefined || key === 'UNSPECIFIED' || key === 'UNRECOGNIZED' ? undefined : (key as Exclude<keyof E, 'UNSPECIFIED' | 'UNRECOGNIZED'>);
}

const camel = (name: string): string => name.replaceAll(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
