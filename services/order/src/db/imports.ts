import { run, type Tx } from '@openprm/postgres';

/** Imports run one at a time: two with the same items would otherwise run into each other's external ids. */
export async function lockImport(tx: Tx): Promise<void> {
  await run(tx, `select pg_advisory_xact_lock(hashtext('import:orders'))`);
}

/** Key of an order in its source. */
export const sourceKey = (source: string, externalId: string): string => `${source}\n${externalId}`;

/** Ids of orders already imported, by `sourceKey`, and quotes that have their order. */
export async function findImported(tx: Tx, items: { source: string; externalId: string; quoteId: string | null }[]) {
  const rows = await run<{ source: string; external_id: string | null; id: string; quote_id: string | null }>(
    tx,
    `select o.source, o.external_id, o.id, o.quote_id from unnest($1::text[], $2::text[]) k(source, external_id)
       join orders o on o.source = k.source and o.external_id = k.external_id
     union select o.source, o.external_id, o.id, o.quote_id from orders o where o.quote_id = any($3::uuid[])`,
    [items.map((item) => item.source), items.map((item) => item.externalId), items.flatMap((item) => item.quoteId ?? [])],
  );
  return {
    known: new Map(rows.flatMap((row) => (row.external_id === null ? [] : [[sourceKey(row.source, row.external_id), row.id] as const]))),
    ordered: new Set(rows.flatMap((row) => row.quote_id ?? [])),
  };
}
