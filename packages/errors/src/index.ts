/** Canonical status codes, a closed list; `packages/grpc` maps them to gRPC and the gateway to HTTP. */
export type Code =
  | 'INVALID_ARGUMENT'
  | 'UNAUTHENTICATED'
  | 'PERMISSION_DENIED'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'FAILED_PRECONDITION'
  | 'ABORTED'
  | 'RESOURCE_EXHAUSTED'
  | 'UNAVAILABLE'
  | 'DEADLINE_EXCEEDED';

/** What is wrong with one field: its path in the request, and a sentence that names the fix. */
export interface Violation {
  field: string;
  description: string;
  reason?: string;
}

export interface Details {
  violations?: Violation[];
  /** Facts for machines, e.g. the moves that are possible (`moves: 'approve,reject'`). */
  metadata?: Record<string, string>;
}

/** The one error that reaches a caller. `reason` is a value of the package's ErrorReason without its prefix. */
export class PrmError extends Error {
  constructor(
    readonly code: Code,
    readonly reason: string,
    message: string,
    readonly details: Details = {},
  ) {
    super(message);
    this.name = 'PrmError';
  }
}

export const invalid = (field: string, description: string, reason = 'INVALID'): PrmError =>
  invalidFields([{ field, description, reason }]);

export const invalidFields = (violations: Violation[]): PrmError =>
  new PrmError(
    'INVALID_ARGUMENT',
    violations[0]?.reason ?? 'INVALID',
    violations.map((each) => `${each.field}: ${each.description}`).join('; '),
    { violations },
  );

/** Missing and outside the caller's scope look the same, so the text never repeats what was asked for. */
export const notFound = (what: string): PrmError => new PrmError('NOT_FOUND', 'NOT_FOUND', `No such ${what}.`);

export const unauthenticated = (message = 'Sign in, or send a bearer token.'): PrmError =>
  new PrmError('UNAUTHENTICATED', 'UNAUTHENTICATED', message);

export const permissionDenied = (message: string, reason = 'ROLE_NOT_ALLOWED'): PrmError =>
  new PrmError('PERMISSION_DENIED', reason, message);

export const alreadyExists = (reason: string, message: string): PrmError => new PrmError('ALREADY_EXISTS', reason, message);

export const failedPrecondition = (reason: string, message: string, metadata: Record<string, string> = {}): PrmError =>
  new PrmError('FAILED_PRECONDITION', reason, message, { metadata });

/** A move that the present state does not allow, with those it does. */
export const illegalMove = (move: string, state: string, possible: readonly string[]): PrmError =>
  failedPrecondition('ILLEGAL_MOVE', `Cannot ${move} in state ${state}. Possible now: ${possible.join(', ') || 'nothing'}.`, {
    state,
    moves: possible.join(','),
  });

/** The record changed since the caller read it, or another command won. */
export const aborted = (
  message = 'The record has changed since you read it: read it again and repeat.',
  reason = 'STALE_VERSION',
): PrmError => new PrmError('ABORTED', reason, message);

export const exhausted = (reason: string, message: string): PrmError => new PrmError('RESOURCE_EXHAUSTED', reason, message);

export const unavailable = (message: string): PrmError => new PrmError('UNAVAILABLE', 'UNAVAILABLE', message);
