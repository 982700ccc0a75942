import type { ReceivedEvent } from '@openprm/messaging';

/** What a browser hears of an event: enough to know what to read again, nothing that is not everybody's in the audience. */
export interface LiveEvent {
  id: string;
  type: string;
  subject: string;
  time: string;
  data?: { number?: string; state?: string; version?: string };
}

/** A live event with what decides who hears it. */
export interface Announcement {
  event: LiveEvent;
  /** `dealregistration` of `prm.dealregistration.v1.DealApproved`. */
  area: string;
  /** Partners who may know; empty for the enterprise alone. */
  audience: string[];
}

export function toAnnouncement({ id, type, subject, time, audience, message }: ReceivedEvent): Announcement {
  const data = recordOf(message.value);
  return { event: { id, type, subject, time: time.toISOString(), ...(data && { data }) }, area: type.split('.')[1] ?? '', audience };
}

/** The first field of every event is the record. */
function recordOf(value: string | null): LiveEvent['data'] | undefined {
  try {
    const [record] = Object.values(JSON.parse(value ?? 'null') as object) as Record<string, unknown>[];
    const { number, state, etag } = record ?? {};
    return { ...(isText(number) && { number }), ...(isText(state) && { state }), ...(isText(etag) && { version: etag }) };
  } catch {
    return undefined;
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
