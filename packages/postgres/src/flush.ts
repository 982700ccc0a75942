import { aborted } from '@openprm/errors';
import type { Tx } from './database';
import type { AuditEntry, Change, ChildRows, Decision, OutboxRow, Row } from './decision';
import { run } from './run';
import { toJson } from './json';

/** The answer kept for a repeated request. */
export interface Answer {
  principal: string;
  key: string;
  method: string;
  fingerprint: string;
  answer: Buffer;
}

/**
 * Writes all decisions and the kept answer in one statement of common table expressions: aggregates guarded by their version,
 * their children, audit rows chained by hash, outbox rows. Throws ABORTED when a guarded row has moved on.
 */
export async function flush(tx: Tx, decisions: Decision[], answer: Answer | null): Promise<void> {
  const changes = decisions.flatMap((decision) => decision.changes);
  const statement = new Statement();
  for (const group of groupsOf(changes.filter(isInsert))) writeInserts(statement, group);
  for (const change of changes.filter((each) => !isInsert(each))) writeUpdate(statement, change);
  writeAudit(
    statement,
    decisions.flatMap((decision) => decision.audit),
  );
  writeOutbox(
    statement,
    decisions.flatMap((decision) => decision.outbox),
  );
  if (answer) writeAnswer(statement, answer);
  if (statement.parts.length === 0) return;
  const counts = statement.counted.map((name) => `(select count(*)::int from ${name})`).join(' + ') || '0';
  const rows = await run<{ written: number }>(tx, `with ${statement.parts.join(',\n')}\nselect ${counts} as written`, statement.params);
  if (rows[0]?.written !== changes.length) throw aborted();
}

class Statement {
  readonly parts: string[] = [];
  readonly counted: string[] = [];
  readonly params: unknown[] = [];

  param(value: unknown): string {
    return `$${this.params.push(value)}`;
  }

  add(sql: string, counted = false): void {
    const name = `w${this.parts.length}`;
    this.parts.push(`${name} as (${sql})`);
    if (counted) this.counted.push(name);
  }
}

const isInsert = (change: Change): boolean => change.expectedVersion === null;

/** Inserts of one table and shape go as one statement part, so that an import of 500 records is no larger a text than one. */
function groupsOf(changes: Change[]): Change[][] {
  const groups = Map.groupBy(changes, (change) => `${change.table}:${Object.keys(change.row).join()}`);
  return [...groups.values()];
}

function writeInserts(statement: Statement, changes: Change[]): void {
  insertRows(
    statement,
    changes[0]!.table,
    changes.map((change) => change.row),
    '',
    true,
  );
  const children = changes.flatMap((change) => change.children ?? []).filter((each) => each.rows.length > 0);
  for (const group of Map.groupBy(children, (each) => each.table).values()) {
    insertRows(
      statement,
      group[0]!.table,
      group.flatMap((each) => each.rows),
    );
  }
}

function writeUpdate(statement: Statement, change: Change): void {
  const columns = columnsOf(change.row);
  const row = `jsonb_populate_record(null::${quote(change.table)}, ${statement.param(toJson(change.row))}::jsonb)`;
  const guard = `id = ${statement.param(change.row.id)} and version = ${statement.param(change.expectedVersion)}`;
  statement.add(`update ${quote(change.table)} set (${columns}) = (select ${columns} from ${row}) where ${guard} returning 1`, true);
  for (const children of change.children ?? []) writeChildren(statement, children);
}

function writeChildren(statement: Statement, children: ChildRows): void {
  const ids = statement.param(children.rows.map((row) => row.id));
  const owner = `${quote(children.ownerColumn)} = ${statement.param(children.ownerId)}`;
  statement.add(`delete from ${quote(children.table)} where ${owner} and not (id = any(${ids}::uuid[])) returning 1`);
  const first = children.rows[0];
  if (!first) return;
  const updates = Object.keys(first).map((column) => `${quote(column)} = excluded.${quote(column)}`);
  insertRows(statement, children.table, children.rows, `on conflict (id) do update set ${updates.join(', ')}`);
}

function insertRows(statement: Statement, table: string, rows: Row[], onConflict = '', counted = false): void {
  const columns = columnsOf(rows[0]!);
  const source = `jsonb_populate_recordset(null::${quote(table)}, ${statement.param(toJson(rows))}::jsonb)`;
  statement.add(`insert into ${quote(table)} (${columns}) select ${columns} from ${source} ${onConflict} returning 1`, counted);
}

const columnsOf = (row: Row): string => Object.keys(row).map(quote).join(', ');

function writeAudit(statement: Statement, entries: AuditEntry[]): void {
  if (entries.length === 0) return;
  const rows = entries.map(({ aggregate, aggregateId, version, at, ...entry }) => ({
    aggregate,
    aggregate_id: aggregateId,
    version,
    at,
    entry,
  }));
  const source = `jsonb_to_recordset(${statement.param(toJson(rows))}::jsonb) as r(aggregate text, aggregate_id uuid, version int, at timestamptz, entry jsonb)`;
  const several = new Set(entries.map((entry) => entry.aggregateId)).size < entries.length;
  const linked = several ? chainedHere(source) : `select ${auditColumns}, p.hash, ${hashAfter('p.hash')} from ${source} ${afterStored}`;
  statement.add(`insert into audit_log (aggregate, aggregate_id, version, at, entry, previous_hash, hash) ${linked} returning 1`);
}

const auditColumns = 'r.aggregate, r.aggregate_id, r.version, r.at, r.entry';
const afterStored = 'left join audit_log p on p.aggregate_id = r.aggregate_id and p.version = r.version - 1';
const hashAfter = (previous: string): string =>
  `encode(sha256(convert_to(coalesce(${previous}, '') || r.aggregate_id || r.version || extract(epoch from r.at) || r.entry::text, 'UTF8')), 'hex')`;

/** Several moves of one aggregate in one command: each row is chained to the one before it, which is not stored yet. */
const chainedHere = (source: string): string => `with recursive r as (select * from ${source}), chain as (
    select ${auditColumns}, p.hash as previous_hash, ${hashAfter('p.hash')} as hash from r ${afterStored}
    where not exists (select 1 from r e where e.aggregate_id = r.aggregate_id and e.version = r.version - 1)
    union all
    select ${auditColumns}, c.hash, ${hashAfter('c.hash')} from chain c join r on r.aggregate_id = c.aggregate_id and r.version = c.version + 1
  ) select * from chain`;

function writeOutbox(statement: Statement, rows: OutboxRow[]): void {
  if (rows.length === 0) return;
  const columns = 'event_id, topic, key, type, subject, occurred_at, traceparent, audience, value';
  // Ordinality keeps the order in which one command's events were decided.
  const numbered = rows.map((row, order) => ({ ...row, order }));
  statement.add(`insert into outbox (${columns}) select ${columns} from jsonb_to_recordset(${statement.param(toJson(numbered))}::jsonb)
    as r(event_id uuid, topic text, key text, type text, subject text, occurred_at timestamptz, traceparent text, audience uuid[], value text, "order" int) order by "order" returning 1`);
}

function writeAnswer(statement: Statement, answer: Answer): void {
  const values = [answer.principal, answer.key, answer.method, answer.fingerprint, answer.answer].map((value) => statement.param(value));
  statement.add(`insert into idempotency (principal, key, method, fingerprint, answer) values (${values.join(', ')}) returning 1`);
}

const quote = (name: string): string => `"${name}"`;
