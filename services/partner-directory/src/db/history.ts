import type { Scope } from '@openprm/access';
import { loadAudit, type Database } from '@openprm/postgres';
import { loadPartner } from './partners';

/** The audit of a record the caller may read, oldest first. Throws NOT_FOUND when missing or outside the scope. */
export async function loadPartnerHistory(database: Database, scope: Scope, id: string) {
  await loadPartner(database, scope, id);
  return loadAudit(database, id);
}
