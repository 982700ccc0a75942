import { run, runOne, decodeCursor, pageSize, toPage, type Database, type Page, type Tx } from '@openprm/postgres';
import { Params } from '@openprm/access';
import { alreadyExists, notFound } from '@openprm/errors';
import type { Catalogue } from '../domain/check-terms';
import type { EntitlementRow } from '../domain/entitlements';
import type { Defaults } from '../domain/program';
import type { Segment, SegmentKind } from '../domain/segment';

interface CatalogueRow {
  kinds: string[];
  segments: Catalogue['segments'];
  tiers: { code: string; limit: string }[];
  entitlements: EntitlementRow[];
}

/** Codes that programs may name, and what a new program gets by default; one statement. */
export async function loadCatalogue(on: Database | Tx): Promise<{ catalogue: Catalogue; defaults: Defaults }> {
  const row = await runOne<CatalogueRow>(
    on,
    `select
       coalesce((select jsonb_agg(code) from program_kinds), '[]') as kinds,
       coalesce((select jsonb_agg(jsonb_build_object('code', code, 'kind', kind, 'label', label)) from segments), '[]') as segments,
       coalesce((select jsonb_agg(jsonb_build_object('code', code, 'limit', order_limit::text) order by rank) from default_tiers), '[]') as tiers,
       coalesce((select jsonb_agg(to_jsonb(d) order by source, code, key) from default_entitlements d), '[]') as entitlements`,
  );
  const { kinds, segments, tiers, entitlements } = row!;
  return {
    catalogue: { kinds, segments },
    defaults: {
      entitlements,
      tiers: tiers.map((tier) => tier.code),
      orderLimits: tiers.map((tier) => ({ tier: tier.code, units: BigInt(tier.limit) })),
    },
  };
}

export interface ProgramKind {
  code: string;
  label: string;
}

export const listProgramKinds = (database: Database): Promise<ProgramKind[]> =>
  run<ProgramKind>(database, 'select code, label from program_kinds order by code');

/** A kind is a word without a life: no version, no event. */
export async function insertProgramKind(database: Database, kind: ProgramKind): Promise<void> {
  const rows = await run(database, 'insert into program_kinds (code, label) values ($1, $2) on conflict do nothing returning 1', [
    kind.code,
    kind.label,
  ]);
  if (rows.length === 0) throw alreadyExists('CODE_TAKEN', `program_kind.code: there is a kind ${kind.code} already.`);
}

interface SegmentRow {
  id: string;
  version: number;
  code: string;
  kind: SegmentKind;
  label: string;
  description: string;
  created_at: Date;
  updated_at: Date;
}

export const toSegmentRow = (segment: Segment) => ({
  id: segment.id,
  version: segment.version,
  code: segment.code,
  kind: segment.kind,
  label: segment.label,
  description: segment.description,
  created_at: segment.createdAt,
  updated_at: segment.updatedAt,
});

const fromSegmentRow = ({ created_at: createdAt, updated_at: updatedAt, ...row }: SegmentRow): Segment => ({
  ...row,
  createdAt,
  updatedAt,
});

/** Throws NOT_FOUND. */
export async function loadSegment(on: Database | Tx, id: string): Promise<Segment> {
  const row = await runOne<SegmentRow>(
    on,
    'select id, version, code, kind, label, description, created_at, updated_at from segments where id = $1',
    [id],
  );
  if (!row) throw notFound('segment');
  return fromSegmentRow(row);
}

export interface SegmentFilter {
  kinds: SegmentKind[];
  pageSize: number;
  pageToken: string;
}

/** Segments, newest first; one statement. */
export async function listSegments(database: Database, filter: SegmentFilter): Promise<Page<Segment>> {
  const params = new Params();
  const size = pageSize(filter.pageSize);
  const where = filter.kinds.length > 0 ? [`kind = any(${params.add(filter.kinds)}::text[])`] : ['true'];
  const after = decodeCursor(filter.pageToken);
  if (after) where.push(`(created_at, id) < (${params.add(after.time)}::timestamptz, ${params.add(after.id)}::uuid)`);
  const rows = await run<SegmentRow>(
    database,
    `select id, version, code, kind, label, description, created_at, updated_at from segments where ${where.join(' and ')}
     order by created_at desc, id desc limit ${params.add(size + 1)}`,
    params.values,
  );
  const page = toPage(
    rows.map((row) => ({ ...row, time: row.created_at })),
    size,
  );
  return { items: page.items.map(({ time: _time, ...row }) => fromSegmentRow(row)), nextPageToken: page.nextPageToken };
}
