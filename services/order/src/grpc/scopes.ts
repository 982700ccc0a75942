import { EVERYTHING, hasRole, readScope, scopeWithRole, type Caller, type Scope } from '@openprm/access';

/** Partners read what they take part in; the order desk reads every order, since each may come to its queue. */
export const readOrders = (caller: Caller): Scope => readScope(caller, ['ORDER_DESK']);

export const isDesk = (caller: Caller): boolean => hasRole(caller, 'ORDER_DESK', 'ENTERPRISE_ADMIN');

/** Where the caller sells: associates in their organisations, managers also below. Admins of a partner only read. */
export const sellingScope = (caller: Caller): Scope => scopeWithRole(caller, ['PARTNER_ASSOCIATE', 'PARTNER_MANAGER']);

/** Where the caller may order on the partner's behalf or for it. */
export const orderingScope = (caller: Caller): Scope => (isDesk(caller) ? EVERYTHING : sellingScope(caller));

/** The desk's own moves; the policy lets nobody else come here. */
export const deskScope = (caller: Caller): Scope => (isDesk(caller) ? EVERYTHING : { all: false, orgs: [], roots: [] });
