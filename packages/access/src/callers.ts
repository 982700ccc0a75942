import { run, type Database } from '@openprm/postgres';
import type { Caller, Membership } from './caller';
import { isEnterpriseRole, type EnterpriseRole, type Role } from './roles';
import type { Principal } from './token';

/** Grants are looked up at most this long after they changed, even when the event that says so is late. */
const KEEP_MS = 1_000;
const KEEP_AT_MOST = 10_000;

/** Callers by principal, remembered for a second so that a request need not ask the database again. */
export interface Callers {
  of(principal: Principal): Promise<Caller>;
  /** Forgets one principal, or everybody. */
  forget(principal?: string): void;
}

export function callersFrom(database: Database): Callers {
  const kept = new Map<string, { until: number; caller: Promise<Caller> }>();
  return {
    of(principal) {
      const found = kept.get(principal.id);
      if (found && found.until > Date.now()) return found.caller;
      if (kept.size >= KEEP_AT_MOST) kept.clear();
      const caller = loadCaller(database, principal);
      kept.set(principal.id, { until: Date.now() + KEEP_MS, caller });
      caller.catch(() => kept.delete(principal.id));
      return caller;
    },
    forget: (principal) => (principal === undefined ? kept.clear() : void kept.delete(principal)),
  };
}

interface MembershipRow {
  id: string;
  person_id: string;
  name: string;
  partner_id: string;
  role: Role;
  include_descendants: boolean;
}

/** The caller's active memberships in organisations that have not ended; one statement. */
export async function loadCaller(database: Database, principal: Principal): Promise<Caller> {
  const rows = await run<MembershipRow>(
    database,
    `select m.id, m.person_id, m.name, m.partner_id, m.role, m.include_descendants
     from access_memberships m left join access_partners p on p.id = m.partner_id
     where m.email = $1 and m.state = 'ACTIVE' and p.state is distinct from 'TERMINATED' order by m.created_at, m.id`,
    [principal.id],
  );
  const [enterprise, partner] = [rows.filter((row) => isEnterpriseRole(row.role)), rows.filter((row) => !isEnterpriseRole(row.role))];
  return {
    principal: principal.id,
    personId: rows[0]?.person_id ?? '',
    name: rows[0]?.name ?? principal.name,
    enterprise: new Set(enterprise.map((row) => row.role as EnterpriseRole)),
    memberships: partner.map(toMembership),
  };
}

const toMembership = (row: MembershipRow): Membership => ({
  id: row.id,
  partnerId: row.partner_id,
  role: row.role,
  includeDescendants: row.include_descendants,
});
