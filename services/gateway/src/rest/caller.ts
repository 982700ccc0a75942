import { activeTraceparent } from '@openprm/telemetry';
import type { Request } from 'express';
import { ProblemError } from '../problems/problem';
import { traceOf, type Trace } from '../problems/trace-id';

/** The bearer token of the request; a browser session has put its own there before (session/). */
export function bearerOf(req: Request): string | undefined {
  const [, token] = /^Bearer\s+(\S+)$/i.exec(req.headers.authorization ?? '') ?? [];
  return token;
}

export function requireBearer(req: Request): string {
  const token = bearerOf(req);
  if (!token) throw new ProblemError('UNAUTHENTICATED', 'Sign in, or send a bearer token.', { headers: { 'WWW-Authenticate': 'Bearer' } });
  return token;
}

const traces = new WeakMap<Request, Trace>();

/** The trace of a request, the same at every ask. */
export function traceFor(req: Request): Trace {
  let trace = traces.get(req);
  if (!trace) traces.set(req, (trace = traceOf(activeTraceparent() ?? (req.headers.traceparent as string | undefined))));
  return trace;
}
