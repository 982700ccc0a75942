import type { ErrorRequestHandler, Response } from 'express';
import { errorPage } from './pages';
import { contentSecurityPolicy } from './html';

/** Answers with `application/problem+json`. */
export function problem(res: Response, status: number, code: string, detail: string): void {
  res
    .status(status)
    .set('cache-control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title: code, status, code, detail }));
}

/** Nothing unforeseen says anything about itself; bodies that cannot be read are the caller's fault. */
export const handleError =
  (onError: (error: unknown) => void): ErrorRequestHandler =>
  (error, req, res, next) => {
    if (res.headersSent) return next(error);
    const status = (error as { status?: number }).status ?? 500;
    if (status >= 500) onError(error);
    const text = status >= 500 ? 'Something went wrong here. Try again.' : 'The request could not be read.';
    if (req.accepts(['json', 'html']) !== 'html') return problem(res, status, status >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT', text);
    res.status(status).set('content-security-policy', contentSecurityPolicy([])).type('html').send(errorPage('This did not work', text));
  };
