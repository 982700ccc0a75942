import { SYSTEM } from '@openprm/access';
import { runOne, transact, type Command } from '@openprm/postgres';
import type { Deps } from '../deps';
import { createPartner } from '../domain/partner';
import { enrolStaff } from '../domain/staff';
import { storePartner, storePerson, storeStaff } from './store';

export interface Enterprise {
  name: string;
  adminEmail: string;
}

/** Records the enterprise itself and its first admin in an empty directory; does nothing in any other. */
export function ensureEnterprise(deps: Deps, enterprise: Enterprise, now: Date): Promise<boolean> {
  const command: Command = { actor: SYSTEM, principal: 'system', method: 'EnsureEnterprise', now, fingerprint: '' };
  return transact(deps, command, async (tx) => {
    if (await runOne(tx, `select 1 from partners where kind = 'INTERNAL'`)) return false;
    const profile = {
      name: enterprise.name,
      types: [],
      country: '',
      city: '',
      website: '',
      taxId: '',
      capabilities: { specialisations: [], marketFocus: [], regions: [], expertise: [] },
    };
    const { partner, event } = createPartner(deps.newId(), profile, { parentId: null, externalId: null, state: 'ACTIVE' }, now);
    const why = { move: 'create', actor: SYSTEM, now };
    storePartner(tx, deps, null, { partner: { ...partner, kind: 'INTERNAL' }, event }, why);
    const person = { personId: deps.newId(), name: 'Enterprise admin', email: enterprise.adminEmail.toLowerCase() };
    storePerson(tx, person.personId, person.email);
    storeStaff(
      tx,
      deps,
      null,
      enrolStaff(deps.newId(), person, { partnerId: partner.id, kind: 'INTERNAL', role: 'ENTERPRISE_ADMIN', externalId: null }, now),
      why,
    );
    return true;
  });
}
