import { createHash } from 'node:crypto';
import { unauthenticated, unavailable } from '@openprm/errors';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';

/** Whom a token names. */
export interface Principal {
  /** Lower-case value of the principal claim: a mail address, or `<client id>@clients`. */
  id: string;
  name: string;
}

export interface TokenOptions {
  issuer: string;
  audience: string;
  /** Claim that names the person; `email` unless the issuer differs. */
  claim?: string;
}

/** Verifying costs 200-400 us; a verified token is remembered by its hash, until it expires and at most this long. */
const KEEP_MS = 60_000;
const KEEP_AT_MOST = 10_000;

export type VerifyToken = (token: string) => Promise<Principal>;

/** Verifies access tokens of one OpenID issuer. Throws UNAUTHENTICATED, or UNAVAILABLE while the issuer's keys cannot be read. */
export function tokenVerifier(options: TokenOptions): VerifyToken {
  const kept = new Map<string, { until: number; principal: Principal }>();
  const key = issuerKeys(options.issuer);
  return async (token) => {
    const hash = createHash('sha256').update(token).digest('base64url');
    const found = kept.get(hash);
    if (found && found.until > Date.now()) return found.principal;
    const payload = await verify(token, options, key);
    const principal = toPrincipal(payload, options.claim ?? 'email');
    if (kept.size >= KEEP_AT_MOST) kept.clear();
    kept.set(hash, { until: Math.min(Date.now() + KEEP_MS, (payload.exp ?? 0) * 1_000), principal });
    return principal;
  };
}

async function verify(token: string, options: TokenOptions, key: JWTVerifyGetKey): Promise<JWTPayload> {
  try {
    // Asymmetric algorithms only: a public key must never serve as an HMAC secret.
    const algorithms = ['ES256', 'ES384', 'RS256', 'PS256', 'EdDSA'];
    return (await jwtVerify(token, key, { issuer: options.issuer, audience: options.audience, algorithms, requiredClaims: ['exp'] }))
      .payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw unauthenticated('The token has expired: sign in again.');
    if (error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout)) throw unauthenticated('The token is not valid here.');
    throw unavailable('The sign-in service cannot be reached just now: repeat.');
  }
}

function toPrincipal(payload: JWTPayload, claim: string): Principal {
  const id = payload[claim];
  if (typeof id !== 'string' || id === '' || payload['email_verified'] === false)
    throw unauthenticated(`The token has no usable claim "${claim}".`);
  return { id: id.toLowerCase(), name: typeof payload['name'] === 'string' ? payload['name'] : id };
}

/** Keys from the issuer's discovery document, found at first use and fetched again when an unknown key id appears. */
function issuerKeys(issuer: string): JWTVerifyGetKey {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  return async (header, input) => {
    keys ??= discover(issuer).catch((error: unknown) => {
      keys = undefined;
      throw error;
    });
    return (await keys)(header, input);
  };
}

async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { signal: AbortSignal.timeout(3_000) });
  if (!answer.ok) throw new Error(`The issuer's discovery document answers ${answer.status}.`);
  const { jwks_uri: uri } = (await answer.json()) as { jwks_uri: string };
  return createRemoteJWKSet(new URL(uri), { timeoutDuration: 3_000, cooldownDuration: 1_000 });
}
