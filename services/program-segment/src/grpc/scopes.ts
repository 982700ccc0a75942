import { isEnterprise, readScope, scopeWithRole, type Caller, type Role, type Scope } from '@openprm/access';
import type { Visibility } from '../db/programs';

/** Desks read every partner's enrolments: tier and entitlements stand beside each record they decide on. */
const DESKS: Role[] = ['DEAL_DESK', 'ORDER_DESK', 'SUPPORT_AGENT', 'APPROVER'];

export const readEnrolments = (caller: Caller): Scope => readScope(caller, DESKS);

/** Definitions are the same for everybody at the enterprise. */
export const readPrograms = (caller: Caller): Visibility =>
  isEnterprise(caller) ? { enterprise: true } : { enterprise: false, scope: readScope(caller) };

/** Where the caller decides for the enterprise: a relationship manager for own partners and below. */
export const decideFor = (caller: Caller): Scope => scopeWithRole(caller, ['ENTERPRISE_ADMIN', 'RELATIONSHIP_MANAGER']);

/** Where the caller answers for the partner. */
export const answerFor = (caller: Caller): Scope => scopeWithRole(caller, ['PARTNER_ADMIN']);

/** Moves that the partner's admin and the enterprise's admin each have in their way. */
export const answerOrAdminister = (caller: Caller): Scope => scopeWithRole(caller, ['ENTERPRISE_ADMIN', 'PARTNER_ADMIN']);

export const administer = (caller: Caller): Scope => scopeWithRole(caller, ['ENTERPRISE_ADMIN']);
