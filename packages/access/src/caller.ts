import type { Actor } from '@openprm/postgres';
import { isEnterpriseRole, type EnterpriseRole, type PartnerRole, type Role } from './roles';

/** One active membership. */
export interface Membership {
  id: string;
  partnerId: string;
  role: Role;
  /** True when the role reaches the organisations below. */
  includeDescendants: boolean;
}

/** Who asks. The token says who; what they may do comes from memberships. */
export interface Caller {
  /** Lower-case mail address, or `<client id>@clients` for a program. */
  principal: string;
  /** Empty when nobody has given the principal a membership. */
  personId: string;
  name: string;
  enterprise: ReadonlySet<EnterpriseRole>;
  /** Memberships in partner organisations. */
  memberships: readonly Membership[];
}

export const rolesOf = (caller: Caller): Set<Role> => new Set<Role>([...caller.enterprise, ...caller.memberships.map((each) => each.role)]);

export const hasRole = (caller: Caller, ...roles: Role[]): boolean => roles.some((role) => rolesOf(caller).has(role));

export const isEnterprise = (caller: Caller): boolean => caller.enterprise.size > 0;

/** The caller as actor of a change, with the first of `roles` that the caller holds. */
export function actorOf(caller: Caller, roles: readonly Role[]): Actor {
  const held = rolesOf(caller);
  const role = roles.find((each) => held.has(each)) ?? '';
  return { personId: caller.personId || null, name: caller.name, side: role && isEnterpriseRole(role) ? 'ENTERPRISE' : 'PARTNER', role };
}

/** The platform itself: timers and consumers. */
export const SYSTEM: Actor = { personId: null, name: '', side: 'SYSTEM', role: 'SYSTEM' };

/** Role of the caller in one partner organisation, not counting what comes down the hierarchy. */
export const roleIn = (caller: Caller, partnerId: string): PartnerRole | undefined =>
  caller.memberships.find((each) => each.partnerId === partnerId)?.role as PartnerRole | undefined;
