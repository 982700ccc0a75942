import { PrmError } from '@openprm/errors';
import { translate } from '@openprm/postgres';
import type { ErrorRequestHandler } from 'express';
import { ProblemError } from '../problems/problem';
import { traceFor } from './caller';

export type LogError = (message: string, fields: Record<string, unknown>) => void;

/** The last handler: every error becomes problem+json, and what nobody expected is logged with its stack and answered without. */
export function answerErrors(logError: LogError): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    const { traceId } = traceFor(req);
    const problem = toProblemError(error);
    if (problem.code === 'INTERNAL') logError('request failed', { traceId, method: req.method, route: routeName(req.route), error });
    for (const [name, value] of Object.entries(problem.headers)) res.setHeader(name, value);
    const answer = problem.toProblem(traceId);
    res.status(answer.status).type('application/problem+json').send(JSON.stringify(answer));
  };
}

/** Express and its body reader throw errors with a `type` or a `status`. */
function toProblemError(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  // Of the database only that it is away.
  const known = translate(error);
  if (known instanceof PrmError) return new ProblemError(known.code, known.message, { reason: known.reason });
  const { type, status } = error as { type?: string; status?: number };
  if (type === 'entity.too.large') return new ProblemError('PAYLOAD_TOO_LARGE', 'The body is larger than this platform takes.');
  if (type === 'encoding.unsupported') return new ProblemError('UNSUPPORTED_MEDIA_TYPE', 'The content encoding is not supported.');
  if (status !== undefined && status >= 400 && status < 500) return new ProblemError('INVALID_ARGUMENT', 'The request cannot be read.');
  return new ProblemError('INTERNAL', 'Something went wrong on our side. Name the trace id when you report it.');
}

function routeName(route: unknown): string | undefined {
  return (route as { path?: string } | undefined)?.path;
}
