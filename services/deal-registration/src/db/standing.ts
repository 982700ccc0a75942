import { hasRole, scopeSql, scopeWithRole, type Caller, type Params, type Role } from '@openprm/access';
import type { Standing } from '../domain/authority';

export interface StandingRow {
  is_associate: boolean;
  is_manager: boolean;
  is_partner_admin: boolean;
  is_relationship_manager: boolean;
}

const columns: [keyof StandingRow, Role][] = [
  ['is_associate', 'PARTNER_ASSOCIATE'],
  ['is_manager', 'PARTNER_MANAGER'],
  ['is_partner_admin', 'PARTNER_ADMIN'],
  ['is_relationship_manager', 'RELATIONSHIP_MANAGER'],
];

/** Select list that says what the caller is to the partner in `column`; nothing is asked for roles that the caller has nowhere. */
export const standingSql = (caller: Caller, column: string, params: Params): string =>
  columns
    .map(([name, role]) => `${hasRole(caller, role) ? scopeSql(scopeWithRole(caller, [role]), column, params) : 'false'} as ${name}`)
    .join(', ');

export const toStanding = (caller: Caller, row: StandingRow): Standing => ({
  personId: caller.personId || null,
  associate: row.is_associate,
  manager: row.is_manager,
  partnerAdmin: row.is_partner_admin,
  relationshipManager: row.is_relationship_manager,
  desk: hasRole(caller, 'DEAL_DESK'),
  approver: hasRole(caller, 'APPROVER'),
  enterpriseAdmin: hasRole(caller, 'ENTERPRISE_ADMIN'),
  executive: hasRole(caller, 'ENTERPRISE_EXECUTIVE'),
});
