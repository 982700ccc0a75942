import { run, type Database, type Tx } from '@openprm/postgres';
import type { OrganisationKind } from '../domain/partner';

type ImportedTable = 'partners' | 'memberships' | 'customers';

/** Ids of records already imported, by external id. */
export async function findImported(on: Database | Tx, table: ImportedTable, externalIds: string[]): Promise<Map<string, string>> {
  const rows = await run<{ external_id: string; id: string }>(
    on,
    `select external_id, id from ${table} where external_id = any($1::text[])`,
    [externalIds],
  );
  return new Map(rows.map((row) => [row.external_id, row.id]));
}

/** Kinds of organisations by id, as far as they are there. */
export async function findKinds(on: Database | Tx, ids: string[]): Promise<Map<string, OrganisationKind>> {
  const rows = await run<{ id: string; kind: OrganisationKind }>(on, 'select id, kind from partners where id = any($1::uuid[])', [ids]);
  return new Map(rows.map((row) => [row.id, row.kind]));
}

/** Open memberships as `<partner id> <mail address>`. */
export async function findMembers(on: Database | Tx, partnerIds: string[], emails: string[]): Promise<Map<string, string>> {
  const rows = await run<{ id: string; partner_id: string; email: string }>(
    on,
    `select id, partner_id, email from memberships where partner_id = any($1::uuid[]) and email = any($2::text[]) and state <> 'DEACTIVATED'`,
    [partnerIds, emails],
  );
  return new Map(rows.map((row) => [`${row.partner_id} ${row.email}`, row.id]));
}

export async function findCustomers(on: Database | Tx, ids: string[]): Promise<Set<string>> {
  const rows = await run<{ id: string }>(on, 'select id from customers where id = any($1::uuid[])', [ids]);
  return new Set(rows.map((row) => row.id));
}

/** Imports of one kind run one at a time: two with the same items would otherwise run into each other's external ids. */
export async function lockImport(tx: Tx, table: ImportedTable): Promise<void> {
  await run(tx, `select pg_advisory_xact_lock(hashtext('import:' || $1))`, [table]);
}
