import { fromBinary, type DescMessage, type FileRegistry } from '@bufbuild/protobuf';
import { status, type ServiceError } from '@grpc/grpc-js';
import { toJsonPath } from '../contracts/fields';
import { CODES, ProblemError, type Code, type ProblemExtras, type Violation } from './problem';

/**
 * These texts are made by the client library or by accident and carry addresses, SQL or stacks: never shown.
 */
const HIDDEN: Partial<Record<Code, string>> = {
  UNAVAILABLE: 'A part of the platform does not answer at the moment. Try again shortly.',
  DEADLINE_EXCEEDED: 'The answer took too long. Nothing is known about the outcome; repeat with the same Idempotency-Key.',
  INTERNAL: 'Something went wrong on our side. Name the trace id when you report it.',
  CANCELLED: 'The call was cancelled.',
};

interface Context {
  registry: FileRegistry;
  /** Request message and body field, to name fields as the caller sent them. */
  input?: DescMessage;
  body?: string;
}

/** The refusal of a service as the caller of REST sees it. */
export function fromGrpc(error: ServiceError, context: Context): ProblemError {
  const code = codeOf(error.code);
  // The cause goes to our log and nowhere else.
  if (HIDDEN[code]) return new ProblemError(code, HIDDEN[code], { cause: error });
  return new ProblemError(code, error.details || CODES[code].title, extrasOf(error, context));
}

function codeOf(code: status): Code {
  const name = status[code];
  if (name in CODES) return name as Code;
  return name === 'OUT_OF_RANGE' ? 'INVALID_ARGUMENT' : 'INTERNAL';
}

function extrasOf(error: ServiceError, context: Context): ProblemExtras {
  const extras: ProblemExtras = {};
  for (const detail of detailsOf(error, context.registry)) {
    if (detail.$typeName === 'google.rpc.BadRequest')
      extras.violations = (detail.fieldViolations as Violation[]).map((each) => toViolation(each, context));
    if (detail.$typeName === 'google.rpc.ErrorInfo') readErrorInfo(detail as unknown as ErrorInfo, extras);
    if (detail.$typeName === 'google.rpc.RetryInfo') extras.headers = { 'Retry-After': String(retrySeconds(detail)) };
  }
  return extras;
}

interface ErrorInfo {
  reason: string;
  metadata: Record<string, string>;
}

function readErrorInfo(info: ErrorInfo, extras: ProblemExtras): void {
  if (info.reason) extras.reason = info.reason;
  if (info.metadata.moves !== undefined) extras.moves = info.metadata.moves.split(',').filter(Boolean);
}

function retrySeconds(detail: Detail): number {
  const delay = detail.retryDelay as { seconds: bigint; nanos: number } | undefined;
  return Math.max(1, Number(delay?.seconds ?? 0n) + (delay?.nanos ? 1 : 0));
}

/** The body's own name is no part of what the caller wrote: `partner.tax_id` -> `taxId`. */
function toViolation({ field, description }: Violation, { input, body }: Context): Violation {
  const path = toJsonPath(input, field);
  const prefix = input && body && body !== '*' ? `${toJsonPath(input, body)}.` : '';
  return { field: prefix && path.startsWith(prefix) ? path.slice(prefix.length) : path, description };
}

type Detail = Record<string, unknown> & { $typeName: string };

function detailsOf(error: ServiceError, registry: FileRegistry): Detail[] {
  const bytes = error.metadata?.get('grpc-status-details-bin')[0];
  const statusType = registry.getMessage('google.rpc.Status');
  if (!(bytes instanceof Uint8Array) || !statusType) return [];
  const { details } = fromBinary(statusType, bytes) as unknown as { details: { typeUrl: string; value: Uint8Array }[] };
  return details.flatMap(({ typeUrl, value }) => {
    const type = registry.getMessage(typeUrl.slice(typeUrl.lastIndexOf('/') + 1));
    return type ? [fromBinary(type, value) as unknown as Detail] : [];
  });
}
