import { notFound } from '@openprm/errors';
import { Params, scopedList, scopeSql, type Role, type Scope } from '@openprm/access';
import { decodeCursor, pageSize, run, runOne, toPage, type Database, type Page, type Tx } from '@openprm/postgres';
import type { OrganisationKind } from '../domain/partner';
import type { MembershipState, StaffMember } from '../domain/staff';

export interface StaffRow {
  id: string;
  version: number;
  partner_id: string;
  person_id: string;
  name: string;
  email: string;
  role: Role;
  state: MembershipState;
  include_descendants: boolean;
  external_id: string | null;
  invitation_expires_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export const toStaffRow = (member: StaffMember) => ({
  id: member.id,
  version: member.version,
  partner_id: member.partnerId,
  person_id: member.personId,
  name: member.name,
  email: member.email,
  role: member.role,
  state: member.state,
  include_descendants: member.includeDescendants,
  external_id: member.externalId,
  invitation_expires_at: member.invitationExpiresAt,
  created_at: member.createdAt,
  updated_at: member.updatedAt,
});

const fromStaffRow = (row: StaffRow): StaffMember => ({
  id: row.id,
  version: row.version,
  partnerId: row.partner_id,
  personId: row.person_id,
  name: row.name,
  email: row.email,
  role: row.role,
  state: row.state,
  includeDescendants: row.include_descendants,
  externalId: row.external_id,
  invitationExpiresAt: row.invitation_expires_at,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

/** A membership with what its rules and readers need of the organisation. */
export interface StaffView {
  member: StaffMember;
  partnerName: string;
  kind: OrganisationKind;
  otherAdmins: number;
}

interface ViewRow extends StaffRow {
  partner_name: string;
  kind: OrganisationKind;
  other_admins: number;
}

const toView = (row: ViewRow): StaffView => ({
  member: fromStaffRow(row),
  partnerName: row.partner_name,
  kind: row.kind,
  otherAdmins: row.other_admins,
});

const BESIDES = `(select q.name from partners q where q.id = page.partner_id) as partner_name,
  (select q.kind from partners q where q.id = page.partner_id) as kind,
  (select count(*)::int from memberships o where o.partner_id = page.partner_id and o.role = 'PARTNER_ADMIN' and o.state = 'ACTIVE' and o.id <> page.id) as other_admins`;

/** One membership within the scope, or of the person itself. Throws NOT_FOUND when missing or outside. */
export async function loadStaffMember(on: Database | Tx, scope: Scope, email: string, id: string): Promise<StaffView> {
  const params = new Params();
  const where = `page.id = ${params.add(id)} and (page.email = ${params.add(email)} or ${scopeSql(scope, 'page.partner_id', params)})`;
  const row = await runOne<ViewRow>(on, `select page.*, ${BESIDES} from memberships page where ${where}`, params.values);
  if (!row) throw notFound('staff member');
  return toView(row);
}

/** Memberships change an organisation's set of admins: those that may be the last are taken one at a time. */
export async function lockAdmins(tx: Tx, membershipId: string): Promise<void> {
  await run(tx, 'select 1 from partners where id = (select partner_id from memberships where id = $1) for no key update', [membershipId]);
}

export interface StaffFilter {
  states: MembershipState[];
  pageSize: number;
  pageToken: string;
}

/** Staff of the scope's organisations, newest first; one statement. */
export async function listStaff(database: Database, scope: Scope, filter: StaffFilter): Promise<Page<StaffView>> {
  const params = new Params();
  const size = pageSize(filter.pageSize);
  const where = filter.states.length > 0 ? [`m.state = any(${params.add(filter.states)}::text[])`] : [];
  const sql = scopedList(
    {
      select: 'm.*',
      from: 'memberships m',
      owner: 'm.partner_id',
      time: 'm.created_at',
      id: 'm.id',
      where,
      scope,
      after: decodeCursor(filter.pageToken),
      size,
      joinedSelect: BESIDES,
    },
    params,
  );
  const rows = await run<ViewRow>(database, sql, params.values);
  const page = toPage(
    rows.map((row) => ({ ...row, time: row.created_at })),
    size,
  );
  return { items: page.items.map(toView), nextPageToken: page.nextPageToken };
}

/** Open and active memberships of one person, oldest first. */
export async function listMemberships(database: Database, email: string): Promise<StaffView[]> {
  const rows = await run<ViewRow>(
    database,
    `select page.*, ${BESIDES} from memberships page where page.email = $1 and page.state in ('INVITED', 'ACTIVE') order by page.created_at, page.id`,
    [email],
  );
  return rows.map(toView);
}

/** Ids of known persons by mail address. */
export async function findPersons(tx: Tx, emails: string[]): Promise<Map<string, string>> {
  const rows = await run<{ id: string; email: string }>(tx, 'select id, email from persons where email = any($1::text[])', [emails]);
  return new Map(rows.map((row) => [row.email, row.id]));
}

/** True when the person holds an active membership with the role. */
export async function holdsRole(tx: Tx, personId: string, role: Role): Promise<boolean> {
  return (await runOne(tx, `select 1 from memberships where person_id = $1 and role = $2 and state = 'ACTIVE'`, [personId, role])) !== null;
}
