import { Metadata, status as GrpcStatus, type ServiceError } from '@grpc/grpc-js';
import { PrmError, type Code } from '@openprm/errors';
import { rpc } from '@openprm/contracts';

const DETAILS = 'grpc-status-details-bin';
const DOMAIN = 'openprm';

/** A PrmError as gRPC sends it: status code, message, and google.rpc.Status with ErrorInfo and BadRequest. */
export function toServiceError(error: PrmError): Partial<ServiceError> {
  const details = [
    any(
      'google.rpc.ErrorInfo',
      rpc.ErrorInfo.encode({ reason: error.reason, domain: DOMAIN, metadata: error.details.metadata ?? {} }).finish(),
    ),
  ];
  const violations = error.details.violations ?? [];
  if (violations.length > 0) {
    const fieldViolations = violations.map(({ field, description, reason }) =>
      rpc.BadRequest_FieldViolation.fromPartial({ field, description, reason: reason ?? '' }),
    );
    details.push(any('google.rpc.BadRequest', rpc.BadRequest.encode(rpc.BadRequest.fromPartial({ fieldViolations })).finish()));
  }
  const metadata = new Metadata();
  const code = GrpcStatus[error.code];
  metadata.set(DETAILS, Buffer.from(rpc.Status.encode({ code, message: error.message, details }).finish()));
  return { code, details: error.message, metadata };
}

/** The PrmError that a service answered with; anything it did not say on purpose is UNAVAILABLE, a deadline or unknown. */
export function fromServiceError(error: ServiceError): PrmError {
  const code = (GrpcStatus[error.code] ?? 'UNAVAILABLE') as Code;
  const bytes = error.metadata?.get(DETAILS)[0];
  if (!Buffer.isBuffer(bytes)) return new PrmError(code, code, error.details);
  const answer = rpc.Status.decode(bytes);
  const info = find(answer, 'google.rpc.ErrorInfo', rpc.ErrorInfo.decode);
  const bad = find(answer, 'google.rpc.BadRequest', rpc.BadRequest.decode);
  return new PrmError(code, info?.reason ?? code, answer.message, {
    metadata: info?.metadata ?? {},
    violations: bad?.fieldViolations.map(({ field, description, reason }) => ({ field, description, reason })) ?? [],
  });
}

const any = (type: string, value: Uint8Array) => ({ typeUrl: `type.googleapis.com/${type}`, value: Buffer.from(value) });

function find<T>(status: rpc.Status, type: string, decode: (bytes: Uint8Array) => T): T | undefined {
  const detail = status.details.find((each) => each.typeUrl.endsWith(`/${type}`));
  return detail && decode(detail.value);
}
