import { run, type Tx } from '@openprm/postgres';
import type { Group, RoutingRule } from '../domain/configuration';

/** Names of the enterprise's active staff among `personIds`. */
export async function findEnterpriseStaff(tx: Tx, personIds: string[]): Promise<Map<string, string>> {
  const rows = await run<{ person_id: string; name: string }>(
    tx,
    `select m.person_id, m.name from access_memberships m join access_partners p on p.id = m.partner_id
     where m.person_id = any($1::uuid[]) and m.state = 'ACTIVE' and p.kind = 'INTERNAL'`,
    [personIds],
  );
  return new Map(rows.map((row) => [row.person_id, row.name]));
}

export const toGroupRow = (id: string, group: Group) => ({
  id,
  version: group.version,
  code: group.code,
  label: group.label,
  calendar: group.calendar,
  lead_person_id: group.leadPersonId,
  is_duty: group.isDuty,
  members: group.members,
});

export const toRoutingRow = (id: string, version: number, rules: RoutingRule[]) => ({ id, version, rules });
