import { aborted } from '@openprm/errors';
import type { Tx } from './database';
import type { AuditEntry, Change, ChildRows, Decision, OutboxRow } from './decision';
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
  for (const change of changes) writeChange(statement, change);
  writeAudit(statement, decisions.flatMap((decision) => decision.audit));
  writeOutbox(statement, decisions.flatMap((decision) => decision.outbox));
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

function writeChange(statement: Statement, change: Change): void {
  const columns = Object.keys(change.row).map(quote);
  const row = `jsonb_populate_record(null::${quote(change.table)}, ${statement.param(toJson(change.row))}::jsonb)`;
  if (change.expectedVersion === null) {
    statement.add(`insert into ${quote(change.table)} (${columns.join(', ')}) select ${columns.join(', ')} from ${row} returning 1`, true);
  } else {
    const guard = `id = ${statement.param(change.row.id)} and version = ${statement.param(change.expectedVersion)}`;
    statement.add(`update ${quote(change.table)} set (${columns.join(', ')}) = (select ${columns.join(', ')} from ${row}) where ${guard} returning 1`, true);
  }
  for (const children of change.children ?? []) writeChildren(statement, children);
}

function writeChildren(statement: Statement, children: ChildRows): void {
  const table = quote(children.table);
  const ids = statement.param(children.rows.map((row) => row.id));
  statement.add(`delete from ${table} where ${quote(children.ownerColumn)} = ${statement.param(children.ownerId)} and not (id = any(${ids}::uuid[])) returning 1`);
  const first = children.rows[0];
  if (!first) return;
  const columns = Object.keys(first).map(quote);
  const source = `jsonb_populate_recordset(null::${table}, ${statement.param(toJson(children.rows))}::jsonb)`;
  const updates = columns.map((column) => `${column} = excluded.${column}`).join(', ');
  statement.add(`insert into ${table} (${columns.join(', ')}) select ${columns.join(', ')} from ${source} on conflict (id) do update set ${updates} returning 1`);
}

function writeAudit(statement: Statement, entries: AuditEntry[]): void {
  if (entries.length === 0) return;
  const rows = entries.map(({ aggregate, aggregateId, version, at, ...entry }) => ({ aggregate, aggregate_id: aggregateId, version, at, entry }));
  const source = `jsonb_to_recordset(${statement.param(toJson(rows))}::jsonb) as r(aggregate text, aggregate_id uuid, version int, at timestamptz, entry jsonb)`;
  statement.add(`insert into audit_log (aggregate, aggregate_id, version, at, entry, previous_hash, hash)
    select r.aggregate, r.aggregate_id, r.version, r.at, r.entry, p.hash,
      encode(sha256(convert_to(coalesce(p.hash, '') || r.aggregate_id || r.version || extract(epoch from r.at) || r.entry::text, 'UTF8')), 'hex')
    from ${source} left join audit_log p on p.aggregate_id = r.aggregate_id and p.version = r.version - 1 returning 1`);
}

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
