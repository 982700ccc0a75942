import { isSpanContextValid, trace } from '@opentelemetry/api';
import pino from 'pino';

export type Log = pino.Logger;

// A last net under the rule that nobody logs bodies or personal data in the first place.
const PERSONAL = ['email', 'phone', 'body', 'request', 'response', 'authorization', 'cookie', 'password', 'token'];

/** JSON lines on standard output with the trace they belong to; level from LOG_LEVEL, `info` unless set. */
export function logger(service: string, destination?: pino.DestinationStream): Log {
  const options: pino.LoggerOptions = {
    level: levelOf(process.env['LOG_LEVEL']),
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    mixin: traceIds,
    redact: { paths: PERSONAL.flatMap((name) => [name, `*.${name}`]), censor: '[removed]' },
    serializers: { err: describeError, error: describeError },
  };
  return destination ? pino(options, destination) : pino(options);
}

const levelOf = (asked: string | undefined): string => (asked && (asked in pino.levels.values || asked === 'silent') ? asked : 'info');

function traceIds(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) ? { trace_id: span.traceId, span_id: span.spanId } : {};
}

// An allow-list: errors of the database driver carry the statement, its parameters and the offending row as properties.
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, reason, constraint } = error as Error & { code?: unknown; reason?: unknown; constraint?: unknown };
  const cause = error.cause === undefined ? undefined : describeError(error.cause);
  return { type: error.name, message: error.message, code, reason, constraint, stack: error.stack, cause };
}
