import { run, type Database, type Tx } from '@openprm/postgres';
import type { VolumeBreak } from '../domain/pricing';
import type { ProductFamily } from '../domain/product';

interface FamilyRow {
  id: string;
  version: number;
  code: string;
  name: string;
  volume_breaks: VolumeBreak[];
  created_at: Date;
  updated_at: Date;
}

export const toFamilyRow = (family: ProductFamily) => ({
  id: family.id,
  version: family.version,
  code: family.code,
  name: family.name,
  volume_breaks: family.volumeBreaks,
  created_at: family.createdAt,
  updated_at: family.updatedAt,
});

const fromFamilyRow = (row: FamilyRow): ProductFamily => ({
  id: row.id,
  version: row.version,
  code: row.code,
  name: row.name,
  volumeBreaks: row.volume_breaks,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

/** All families by code; one statement. */
export async function listFamilies(database: Database): Promise<ProductFamily[]> {
  return (await run<FamilyRow>(database, 'select * from product_families order by code limit 1000')).map(fromFamilyRow);
}

/** Families by code, as far as they are there. */
export async function findFamilies(on: Database | Tx, codes: string[]): Promise<Map<string, ProductFamily>> {
  const rows = await run<FamilyRow>(on, 'select * from product_families where code = any($1::text[])', [codes]);
  return new Map(rows.map((row) => [row.code, fromFamilyRow(row)]));
}
