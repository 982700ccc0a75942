import { Router, type Request, type Response } from 'express';
import { ProblemError } from '../problems/problem';
import { requireCsrfToken } from './bearer-from-session';
import { SESSION_COOKIE, type Cookies } from './cookies';
import type { Issuer, SignInAttempt } from './issuer';
import { csrfTokenOf } from './sealing';
import type { Session, Sessions } from './sessions';

interface Parts {
  issuer: Issuer;
  sessions: Sessions;
  cookies: Cookies;
  publicUrl: string;
  logError: (message: string, fields: Record<string, unknown>) => void;
}

const ATTEMPT_MS = 10 * 60_000;

/** Sign-in of browsers: code flow with PKCE at the issuer; the browser ends up with nothing but a cookie. */
export function signInRouter(parts: Parts): Router {
  const router = Router();
  router.use('/auth', (_req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    next();
  });
  router.get('/auth/sign-in', (req, res) => startSignIn(parts, req, res));
  router.get('/auth/callback', (req, res) => finishSignIn(parts, req, res));
  router.get('/auth/session', async (req, res) => {
    res.json(toAnswer(await requireSession(parts, req)));
  });
  router.post('/auth/sign-out', (req, res) => signOut(parts, req, res));
  return router;
}

async function startSignIn({ issuer, cookies }: Parts, req: Request, res: Response): Promise<void> {
  const { attempt, url } = await issuer.startSignIn();
  const kept = Buffer.from(JSON.stringify({ ...attempt, returnTo: localPath(req.query['returnTo']) })).toString('base64url');
  cookies.set(res, attemptCookie(attempt.state), kept, { path: '/auth', maxAge: ATTEMPT_MS });
  res.redirect(302, url.href);
}

/** Only the browser that began may finish: a link with somebody else's code must not sign anybody in. */
async function finishSignIn({ issuer, sessions, cookies, logError }: Parts, req: Request, res: Response): Promise<void> {
  const state = String(req.query['state'] ?? '');
  const attempt = readAttempt(cookies.read(req, attemptCookie(state)));
  if (!attempt || attempt.state !== state)
    throw new ProblemError('INVALID_ARGUMENT', 'This sign-in was not started here or took too long: start again.');
  cookies.clear(res, attemptCookie(state), '/auth');
  const signedIn = await issuer.finishSignIn(req.originalUrl.slice(req.path.length), attempt).catch((error: unknown) => {
    if (error instanceof ProblemError) throw error;
    logError('sign-in failed', { error });
    throw new ProblemError('UNAUTHENTICATED', 'The sign-in service refused: start again.');
  });
  const session = await sessions.create(signedIn);
  cookies.set(res, SESSION_COOKIE, session.id, { path: '/', expires: session.expiresAt });
  res.redirect(302, attempt.returnTo);
}

async function signOut(parts: Parts, req: Request, res: Response): Promise<void> {
  const session = await requireSession(parts, req);
  requireCsrfToken(session.id, req.get('x-csrf-token'));
  parts.cookies.clear(res, SESSION_COOKIE, '/');
  const url = await parts.sessions.end(session, `${parts.publicUrl}/`);
  res.json({ url: url?.href ?? `${parts.publicUrl}/` });
}

async function requireSession({ sessions, cookies }: Parts, req: Request): Promise<Session> {
  const id = cookies.read(req, SESSION_COOKIE);
  const session = id ? await sessions.open(id) : null;
  if (!session) throw new ProblemError('UNAUTHENTICATED', 'There is no session: go to /auth/sign-in.');
  return session;
}

function toAnswer(session: Session) {
  return { name: session.name, email: session.principal, csrfToken: csrfTokenOf(session.id), expireTime: session.expiresAt.toISOString() };
}

/** Several tabs may sign in at once. */
const attemptCookie = (state: string) => `prm_sign_in_${state.slice(0, 8).replace(/[^\w-]/g, '')}`;

function readAttempt(cookie: string | undefined): (SignInAttempt & { returnTo: string }) | undefined {
  try {
    const { state, nonce, verifier, returnTo } = JSON.parse(Buffer.from(cookie ?? '', 'base64url').toString('utf8')) as SignInAttempt & {
      returnTo: unknown;
    };
    return { state, nonce, verifier, returnTo: localPath(returnTo) };
  } catch {
    return undefined;
  }
}

/** Never to another site: `//evil.example` and `/\evil.example` are addresses too. */
function localPath(path: unknown): string {
  return typeof path === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(path) && !path.includes('\\') ? path : '/';
}
