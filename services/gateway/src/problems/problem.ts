/** `application/problem+json` (RFC 9457), the one shape of every refusal. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** Code of the closed list in problems/codes.ts. */
  code: string;
  /** Machine-readable reason of the refusing service, e.g. `LAST_ADMIN`. */
  reason?: string;
  violations?: Violation[];
  /** Moves that are possible instead. */
  moves?: string[];
  traceId?: string;
}

export interface Violation {
  /** As the caller wrote it: `lines[0].quantity`. */
  field: string;
  description: string;
}

export type ProblemExtras = Partial<Pick<Problem, 'reason' | 'violations' | 'moves'>> & {
  headers?: Record<string, string>;
  cause?: unknown;
};

/** Thrown anywhere in the gateway; the error handler of Express turns it into the answer. */
export class ProblemError extends Error {
  readonly headers: Record<string, string>;
  constructor(
    readonly code: Code,
    detail: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(detail, { cause: extras.cause });
    this.headers = { ...(RETRIABLE.has(code) ? { 'Retry-After': '1' } : {}), ...extras.headers };
  }

  toProblem(traceId: string): Problem {
    const { status, title } = CODES[this.code];
    const { reason, violations, moves } = this.extras;
    return {
      type: `urn:openprm:problem:${this.code.toLowerCase().replaceAll('_', '-')}`,
      title,
      status,
      detail: this.message,
      code: this.code,
      ...(reason && { reason }),
      ...(violations?.length && { violations }),
      ...(moves && { moves }),
      traceId,
    };
  }
}

export const CODES = {
  INVALID_ARGUMENT: { status: 400, title: 'The request is not valid' },
  UNAUTHENTICATED: { status: 401, title: 'Sign in first' },
  PERMISSION_DENIED: { status: 403, title: 'Not allowed' },
  NOT_FOUND: { status: 404, title: 'Not found' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'Method not allowed' },
  ALREADY_EXISTS: { status: 409, title: 'Already there' },
  FAILED_PRECONDITION: { status: 409, title: 'Not possible now' },
  ABORTED: { status: 409, title: 'Changed meanwhile' },
  PAYLOAD_TOO_LARGE: { status: 413, title: 'Too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'Unsupported media type' },
  RESOURCE_EXHAUSTED: { status: 429, title: 'Too many requests' },
  CANCELLED: { status: 499, title: 'Cancelled by the caller' },
  INTERNAL: { status: 500, title: 'Something went wrong' },
  UNIMPLEMENTED: { status: 501, title: 'Not available' },
  UNAVAILABLE: { status: 503, title: 'Temporarily unavailable' },
  DEADLINE_EXCEEDED: { status: 504, title: 'Took too long' },
} as const;

export type Code = keyof typeof CODES;

/** A repeat may well succeed: after reading again, or after a moment. */
const RETRIABLE = new Set<Code>(['ABORTED', 'RESOURCE_EXHAUSTED', 'UNAVAILABLE']);

export function invalid(violations: Violation[], detail = 'See violations.'): ProblemError {
  return new ProblemError('INVALID_ARGUMENT', detail, { violations });
}
