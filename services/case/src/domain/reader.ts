import type { Role, Scope } from '@openprm/access';
import { hasRole, readScope, scopeWithRole, type Caller } from '@openprm/access';
import type { Party } from './who-may';

/** Who reads cases, and which. A person with roles on both sides reads as the enterprise. */
export type Reader =
  | { side: 'PARTNER'; scope: Scope }
  /** `scope` holds partners whose cases are read whatever their group; `agent` adds those of the person's groups. */
  | { side: 'PARENT'; scope: Scope; agent: string | null };

const WORKERS: Role[] = [
  'ENTERPRISE_ADMIN',
  'RELATIONSHIP_MANAGER',
  'SUPPORT_AGENT',
  'PARTNER_ASSOCIATE',
  'PARTNER_MANAGER',
  'PARTNER_ADMIN',
];
const ENTERPRISE_READERS: Role[] = ['ENTERPRISE_ADMIN', 'ENTERPRISE_EXECUTIVE', 'RELATIONSHIP_MANAGER', 'SUPPORT_AGENT'];

export function readerOf(caller: Caller): Reader {
  if (!hasRole(caller, ...ENTERPRISE_READERS)) return { side: 'PARTNER', scope: readScope(caller) };
  if (hasRole(caller, 'ENTERPRISE_ADMIN', 'ENTERPRISE_EXECUTIVE')) return { side: 'PARENT', scope: { all: true }, agent: null };
  return {
    side: 'PARENT',
    scope: scopeWithRole(caller, ['RELATIONSHIP_MANAGER']),
    agent: hasRole(caller, 'SUPPORT_AGENT') ? caller.personId : null,
  };
}

/** The caller as party of a case it may read. */
export function partyOf(caller: Caller): Party {
  const { side } = readerOf(caller);
  return {
    side,
    personId: caller.personId || null,
    name: caller.name,
    works: hasRole(caller, ...WORKERS),
    leads: hasRole(caller, 'ENTERPRISE_ADMIN', 'RELATIONSHIP_MANAGER'),
  };
}

/** Partners for which the caller may open cases. */
export function openingScope(caller: Caller): Scope {
  if (hasRole(caller, 'ENTERPRISE_ADMIN', 'SUPPORT_AGENT')) return { all: true };
  return readerOf(caller).side === 'PARENT' ? scopeWithRole(caller, ['RELATIONSHIP_MANAGER']) : readScope(caller);
}
