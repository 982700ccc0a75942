import { fromBinary, toJson } from '@bufbuild/protobuf';
import { context, propagation } from '@opentelemetry/api';
import { registry } from '@openprm/contracts';
import type { OutboxRow, Tx } from '@openprm/postgres';
import { eventType } from './catalog';

/** What messaging needs of a generated message type. */
export interface Codec<T> {
  readonly $type: string;
  encode(message: T): { finish(): Uint8Array };
  fromJSON(object: unknown): T;
}

export interface OutboxOptions {
  /** Ids of the partners who may hear of it; empty for the enterprise alone. */
  audience: string[];
  now: Date;
  newId: () => string;
}

/** An event as the row that the relay publishes. The value is canonical proto3 JSON, with every field present. */
export function toOutboxRow<T>(codec: Codec<T>, message: T, { audience, now, newId }: OutboxOptions): OutboxRow {
  const { type, topic, keyPath, message: schema } = eventType(codec.$type);
  // Through bytes, because ts-proto's own JSON leaves out empty lists and prints durations and masks in its own way.
  const json = toJson(schema, fromBinary(schema, codec.encode(message).finish()), { alwaysEmitImplicit: true, registry: registry() });
  const key = keyPath.reduce((value: unknown, name) => (value as Record<string, unknown> | undefined)?.[name], json);
  if (typeof key !== 'string' || key === '') throw new Error(`${type} lacks its key ${keyPath.join('.')}.`);
  return {
    event_id: newId(),
    topic,
    key,
    type,
    subject: key,
    occurred_at: now,
    traceparent: activeTraceparent(),
    audience,
    value: JSON.stringify(json),
  };
}

function activeTraceparent(): string | null {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent ?? null;
}

/** Appends rows in a transaction that stores no decision, e.g. an import of events alone. */
export async function appendOutbox(tx: Tx, rows: OutboxRow[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = 'event_id, topic, key, type, subject, occurred_at, traceparent, audience, value';
  await tx.query(
    `insert into outbox (${columns}) select ${columns} from jsonb_to_recordset($1::jsonb)
       as r(event_id uuid, topic text, key text, type text, subject text, occurred_at timestamptz, traceparent text, audience uuid[], value text)`,
    [JSON.stringify(rows)],
  );
}
