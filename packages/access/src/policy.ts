import { permissionDenied } from '@openprm/errors';
import { actorOf, rolesOf, type Caller } from './caller';
import { ENTERPRISE_ROLES, PARTNER_ROLES, type Role } from './roles';

/** Who may call an RPC at all: one of these roles in whatever organisation, or anybody who is signed in. */
export type PolicyRow = readonly Role[] | 'SIGNED_IN';

/** Roles that read what their scope holds. */
export const READERS: readonly Role[] = [...ENTERPRISE_ROLES, ...PARTNER_ROLES];

export function checkPolicy(caller: Caller, row: PolicyRow): void {
  if (row === 'SIGNED_IN') return;
  const held = rolesOf(caller);
  if (!row.some((role) => held.has(role))) {
    throw permissionDenied(`Your roles (${[...held].join(', ') || 'none'}) do not allow this; it takes one of ${row.join(', ')}.`);
  }
}

/** The actor for the audit, with the role by which the policy let the caller in. */
export const actorBy = (caller: Caller, row: PolicyRow) => actorOf(caller, row === 'SIGNED_IN' ? [...rolesOf(caller)] : row);
