import type { RequestHandler } from 'express';
import { ProblemError } from '../problems/problem';
import { bearerOf } from '../rest/caller';
import { SESSION_COOKIE, type Cookies } from './cookies';
import { isCsrfTokenOf } from './sealing';
import type { Sessions } from './sessions';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Gives a request with a session cookie its bearer token. A browser sends cookies unasked, so unsafe methods have to show more. */
export function bearerFromSession(sessions: Sessions, cookies: Cookies): RequestHandler {
  return async (req, _res, next) => {
    const id = bearerOf(req) ? undefined : cookies.read(req, SESSION_COOKIE);
    if (!id) return next();
    const session = await sessions.open(id);
    if (!session) return next();
    if (!SAFE.has(req.method)) requireCsrfToken(id, req.get('x-csrf-token'));
    req.headers.authorization = `Bearer ${session.tokens.access}`;
    next();
  };
}

export function requireCsrfToken(id: string, given: string | undefined): void {
  if (isCsrfTokenOf(id, given)) return;
  throw new ProblemError('PERMISSION_DENIED', 'Send the header X-CSRF-Token with the csrfToken of GET /auth/session.', {
    reason: 'CSRF_TOKEN',
  });
}
