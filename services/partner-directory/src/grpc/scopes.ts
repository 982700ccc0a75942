import { hasRole, readScope, scopeWithRole, type Caller, type Role, type Scope } from '@openprm/access';

/** Desks read every partner: their queues hold records of all of them. */
const DESKS: Role[] = ['DEAL_DESK', 'ORDER_DESK', 'SUPPORT_AGENT', 'APPROVER'];

export const readPartners = (caller: Caller): Scope => readScope(caller, DESKS);

/** Where the caller may change profile data: own partners of a relationship manager, own organisation and below of an admin. */
export const writeProfiles = (caller: Caller): Scope =>
  scopeWithRole(caller, ['ENTERPRISE_ADMIN', 'RELATIONSHIP_MANAGER', 'PARTNER_ADMIN']);

/** Where the caller may make moves that are the enterprise's. */
export const manageRelations = (caller: Caller): Scope => scopeWithRole(caller, ['ENTERPRISE_ADMIN', 'RELATIONSHIP_MANAGER']);

/** Where the caller reads staff in full: elsewhere in the reading scope there are names and roles only. */
export const manageStaff = (caller: Caller): Scope => scopeWithRole(caller, ['ENTERPRISE_ADMIN', 'PARTNER_ADMIN']);

/** Customers may be recorded by everybody who works for the partner, and by the enterprise's sales side. */
export const writeCustomers = (caller: Caller): Scope =>
  hasRole(caller, 'ENTERPRISE_ADMIN', 'DEAL_DESK')
    ? { all: true }
    : scopeWithRole(caller, ['RELATIONSHIP_MANAGER', 'PARTNER_ADMIN', 'PARTNER_MANAGER', 'PARTNER_ASSOCIATE']);

/** True when a limited scope names this organisation itself. */
export const names = (scope: Scope, partnerId: string): boolean => scope.all || scope.orgs.includes(partnerId);
