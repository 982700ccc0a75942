import { randomBytes } from 'node:crypto';

export interface Trace {
  traceId: string;
  traceparent: string;
}

/** The caller's W3C trace, or a new one, so that an answer can always be found in the logs of every service behind it. */
export function traceOf(traceparent: string | undefined): Trace {
  const given = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent ?? '');
  if (given && traceparent && !/^0+$/.test(given[1]!)) return { traceId: given[1]!, traceparent };
  const traceId = randomBytes(16).toString('hex');
  return { traceId, traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-00` };
}
