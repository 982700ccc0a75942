import { run, runOne, type Tx } from '@openprm/postgres';
import type { ConflictCheck } from '../domain/conflict';
import type { Terms } from '../domain/terms';
import { toConflict } from './deal-rows';
import { dealNumber, opportunityNumber, partnerColumns, toDomains, toOffers, type PartnerColumns } from './partners';

export interface KnownDeal {
  id: string;
  number: string;
  opportunityId: string;
  protected: boolean;
  /** The explained conflict that left it without a protection when it was imported. */
  conflict: ConflictCheck | null;
}

/** Deals already imported, by external id. */
export async function findImported(tx: Tx, externalIds: string[]): Promise<Map<string, KnownDeal>> {
  const rows = await run<{
    external_id: string;
    id: string;
    number: string;
    opportunity_id: string | null;
    protection_state: string | null;
    conflict: ConflictCheck | null;
  }>(
    tx,
    `select external_id, id, number, opportunity_id, protection->>'state' as protection_state, conflict from deals where external_id = any($1::text[])`,
    [externalIds],
  );
  return new Map(
    rows.map((row) => [
      row.external_id,
      {
        id: row.id,
        number: row.number,
        opportunityId: row.opportunity_id ?? '',
        protected: row.protection_state === 'ACTIVE',
        conflict: toConflict(row.conflict),
      },
    ]),
  );
}

export interface ImportPartner {
  name: string;
  domains: string[];
  offers: Terms[];
}

/** Partners by id; whatever their state, because what happened under them did happen. */
export async function findImportPartners(tx: Tx, ids: string[]): Promise<Map<string, ImportPartner>> {
  const rows = await run<PartnerColumns & { id: string }>(
    tx,
    `select p.id, ${partnerColumns} from access_partners p left join partnerships s on s.partner_id = p.id where p.id = any($1::uuid[]) and p.kind = 'EXTERNAL'`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, { name: row.partner_name ?? '', domains: toDomains(row), offers: toOffers(row.offers) }]));
}

/** Names of persons by `<partner id> <person id>`, whether or not they still work there. */
export async function findStaffNames(tx: Tx, personIds: string[]): Promise<Map<string, string>> {
  const rows = await run<{ partner_id: string; person_id: string; name: string }>(
    tx,
    'select partner_id, person_id, name from access_memberships where person_id = any($1::uuid[])',
    [personIds],
  );
  return new Map(rows.map((row) => [`${row.partner_id} ${row.person_id}`, row.name]));
}

/** Numbers for `count` deals and opportunities; one statement. Numbers of refused items are never used. */
export async function nextNumbers(tx: Tx, count: number): Promise<{ deal: string; opportunity: string }[]> {
  const rows = await run<{ deal: string; opportunity: string }>(
    tx,
    `select nextval('deal_number')::text as deal, nextval('opportunity_number')::text as opportunity from generate_series(1, $1)`,
    [count],
  );
  return rows.map((row) => ({ deal: dealNumber(row.deal), opportunity: opportunityNumber(row.opportunity) }));
}

/** Imports run one at a time: two with the same items would otherwise run into each other's external ids. */
export async function lockImports(tx: Tx): Promise<void> {
  await runOne(tx, `select pg_advisory_xact_lock(hashtext('import:deals'))`);
}
