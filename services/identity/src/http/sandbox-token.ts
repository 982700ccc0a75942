import { randomUUID } from 'node:crypto';
import express, { Router, type Request, type Response } from 'express';
import { importJWK, SignJWT, type JWK } from 'jose';
import type { Database } from '@openprm/postgres';
import type { Config } from '../config';
import { findAccountByEmail, type Account } from '../db/accounts';
import { sameText } from '../db/clients';
import { SIGNING_ALGORITHM } from '../db/signing-keys';
import { normaliseEmail } from '../domain/principal';
import { problem } from './problem';
import { ACCESS_TOKEN_SECONDS } from './provider';

const SANDBOX_CLIENT_ID = 'openprm-sandbox';

/** Tokens for curl and scripts: whoever knows the sandbox's secret may act as any known person. Does not exist without a secret. */
export function sandboxTokenRoutes(config: Config, database: Database, signingKey: JWK): Router {
  const issue = async (req: Request, res: Response): Promise<void> => {
    if (!config.sandbox || !sameText(req.get('x-sandbox-secret') ?? '', config.sandbox.secret)) {
      return problem(res, 401, 'UNAUTHENTICATED', 'Send the sandbox secret in the header x-sandbox-secret.');
    }
    const { email } = (req.body ?? {}) as Record<string, unknown>;
    if (typeof email !== 'string' || email === '') return problem(res, 400, 'INVALID_ARGUMENT', 'Send {"email": "…"}.');
    const account = await findAccountByEmail(database, normaliseEmail(email));
    if (!account) return problem(res, 404, 'NOT_FOUND', 'Nobody with an open membership has this address.');
    const token = await signAccessToken(config, signingKey, account);
    res.set('cache-control', 'no-store').json({ access_token: token, token_type: 'Bearer', expires_in: ACCESS_TOKEN_SECONDS });
  };
  return Router().post('/sandbox/token', express.json({ limit: '4kb' }), issue);
}

/** The same shape as the provider's own access tokens (RFC 9068). */
async function signAccessToken(config: Config, signingKey: JWK, account: Account): Promise<string> {
  return new SignJWT({ client_id: SANDBOX_CLIENT_ID, email: account.email, name: account.name })
    .setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: 'at+jwt', kid: signingKey.kid ?? '' })
    .setIssuer(config.issuer)
    .setAudience(config.audience)
    .setSubject(account.personId)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${ACCESS_TOKEN_SECONDS}s`)
    .sign(await importJWK(signingKey, SIGNING_ALGORITHM));
}
