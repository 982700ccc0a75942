import { run, runOne, type Tx } from '@openprm/postgres';

type ImportedTable = 'products' | 'quotes';

/** Ids of records already imported, by external id. */
export async function findImported(tx: Tx, table: ImportedTable, externalIds: string[]): Promise<Map<string, string>> {
  const rows = await run<{ external_id: string; id: string }>(
    tx,
    `select external_id, id from ${table} where external_id = any($1::text[])`,
    [externalIds],
  );
  return new Map(rows.map((row) => [row.external_id, row.id]));
}

/** Article numbers that are taken. */
export async function findSkus(tx: Tx, skus: string[]): Promise<Set<string>> {
  const rows = await run<{ sku: string }>(tx, 'select sku from products where sku = any($1::text[])', [skus]);
  return new Set(rows.map((row) => row.sku));
}

/** Imports of one kind run one at a time: two with the same items would otherwise run into each other's external ids. */
export async function lockImport(tx: Tx, table: ImportedTable): Promise<void> {
  await run(tx, `select pg_advisory_xact_lock(hashtext('import:' || $1))`, [table]);
}

/** Draws `count` quote numbers. */
export async function drawNumbers(tx: Tx, count: number): Promise<string[]> {
  const rows = await run<{ number: bigint }>(tx, `select nextval('quote_numbers') as number from generate_series(1, $1)`, [count]);
  return rows.map((row) => `QU-${String(row.number).padStart(6, '0')}`);
}

export interface ImportNames {
  partners: Record<string, string>;
  customers: Record<string, string>;
  /** Partners with access to an opportunity, by its id. */
  related: Record<string, string[]>;
}

/** Names of partners and customers, as far as they have arrived; an import does not wait for them. */
export async function findNames(
  tx: Tx,
  wanted: { partnerIds: string[]; customerIds: string[]; opportunityIds: string[] },
): Promise<ImportNames> {
  const row = await runOne<{ [K in keyof ImportNames]: ImportNames[K] | null }>(
    tx,
    `select (select jsonb_object_agg(p.id, p.name) from access_partners p where p.id = any($1::uuid[])) as partners,
       (select jsonb_object_agg(c.id, c.name) from ref_customers c where c.id = any($2::uuid[])) as customers,
       (select jsonb_object_agg(o.id, to_jsonb(o.related)) from ref_opportunities o where o.id = any($3::uuid[])) as related`,
    [wanted.partnerIds, wanted.customerIds, wanted.opportunityIds],
  );
  return { partners: row?.partners ?? {}, customers: row?.customers ?? {}, related: row?.related ?? {} };
}
