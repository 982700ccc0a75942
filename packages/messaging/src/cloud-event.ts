import { createHash } from 'node:crypto';
import type { OutboxRow } from '@openprm/postgres';
import type { IncomingMessage, OutgoingMessage } from './broker-port';

/** An event as it came from the broker, its value not yet read. */
export interface ReceivedEvent {
  id: string;
  type: string;
  subject: string;
  source: string;
  time: Date;
  /** Partners who may hear of it; empty for the enterprise alone. */
  audience: string[];
  traceparent: string | null;
  message: IncomingMessage;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** CloudEvents 1.0, Kafka binary mode. */
export function toMessage(row: OutboxRow): OutgoingMessage {
  return {
    topic: row.topic,
    key: row.key,
    value: row.value,
    headers: {
      ce_specversion: '1.0',
      ce_id: row.event_id,
      ce_type: row.type,
      ce_source: sourceOf(row.type),
      ce_subject: row.subject,
      ce_time: row.occurred_at.toISOString(),
      ce_audience: row.audience.join(','),
      ...(row.traceparent && { traceparent: row.traceparent }),
      'content-type': 'application/json',
    },
  };
}

/** `prm.quoting.v1.QuoteSubmitted` comes from `/openprm/quoting`. */
export const sourceOf = (type: string): string => `/openprm/${type.split('.')[1]}`;

/** Never fails: a message from elsewhere without an id of ours gets one made from its place and content. */
export function toReceivedEvent(message: IncomingMessage): ReceivedEvent {
  const { headers } = message;
  const time = new Date(headers['ce_time'] ?? Number.NaN);
  return {
    id: UUID.test(headers['ce_id'] ?? '') ? headers['ce_id']! : idFromPlace(message),
    type: headers['ce_type'] ?? '',
    subject: headers['ce_subject'] ?? message.key ?? '',
    source: headers['ce_source'] ?? '',
    time: Number.isNaN(time.getTime()) ? new Date(0) : time,
    audience: headers['ce_audience']?.split(',').filter(Boolean) ?? [],
    traceparent: headers['traceparent'] ?? null,
    message,
  };
}

function idFromPlace({ topic, partition, offset, value }: IncomingMessage): string {
  const hex = createHash('sha256')
    .update(JSON.stringify([topic, partition, offset, value]))
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
