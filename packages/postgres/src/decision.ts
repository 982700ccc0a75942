import type { Tx } from './database';
import { unitOf } from './unit';

/** A row as plain values: dates as Date, amounts as bigint, anything jsonb as objects. Keys are column names. */
export type Row = Record<string, unknown>;

/** Who did what and why; kept for ever. `before` and `after` are the aggregate's rows. */
export interface AuditEntry {
  aggregate: string;
  aggregateId: string;
  version: number;
  at: Date;
  move: string;
  fromState: string;
  toState: string;
  actor: Actor;
  reason?: string;
  comment?: string;
  internalNote?: string;
  before?: unknown;
  after?: unknown;
}

/** The person or part of the system that acts, with the role used. */
export interface Actor {
  personId: string | null;
  name: string;
  side: 'PARTNER' | 'ENTERPRISE' | 'SYSTEM';
  role: string;
}

/** One message for the relay; made by `toOutboxRow` of packages/messaging. */
export interface OutboxRow {
  event_id: string;
  topic: string;
  key: string;
  type: string;
  subject: string;
  occurred_at: Date;
  traceparent: string | null;
  audience: string[];
  value: string;
}

/** One aggregate's new row. `expectedVersion` null inserts; otherwise the row must still have that version. */
export interface Change {
  table: string;
  row: Row & { id: string; version: number };
  expectedVersion: number | null;
  children?: ChildRows[];
}

/** The complete set of rows that belong to the aggregate in another table; rows not named are removed. */
export interface ChildRows {
  table: string;
  ownerColumn: string;
  ownerId: string;
  rows: (Row & { id: string })[];
}

export interface Decision {
  changes: Change[];
  audit: AuditEntry[];
  outbox: OutboxRow[];
  /** Answers to a broken unique or check constraint, by its name. */
  conflicts?: Record<string, () => Error>;
}

/** The one way to store a change. Everything decided in a transaction is written by one statement at its end. */
export function saveDecision(tx: Tx, decision: Decision): void {
  unitOf(tx).decisions.push(decision);
}
