import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** A small OpenID issuer with code flow, PKCE and refresh tokens that work once; everybody who comes is signed in as `email`. */
export interface Issuer {
  url: string;
  email: string;
  /** Seconds that an access token lives. */
  tokenSeconds: number;
  refreshes: number;
  refuses: boolean;
  token(email: string, seconds?: number): Promise<string>;
  stop(): Promise<void>;
}

interface Code {
  challenge: string;
  nonce: string;
}

export async function givenIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256', use: 'sig' };
  const codes = new Map<string, Code>();
  const refreshTokens = new Set<string>();
  const server = createServer((req, res) => void answer(req, res).catch((error: Error) => res.writeHead(500).end(error.message)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sign = (claims: object, audience: string, seconds: number) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .setIssuer(url)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
      .sign(privateKey);
  const person = (email: string) => ({ sub: email, email, name: email.split('@')[0] });
  const issuer: Issuer = {
    url,
    email: 'manager@partner.example',
    tokenSeconds: 3600,
    refreshes: 0,
    refuses: false,
    token: (email, seconds = 3600) => sign(person(email), 'openprm', seconds),
    stop: () => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
  };
  return issuer;

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const at = new URL(req.url!, url);
    if (at.pathname === '/jwks') return json(res, { keys: [jwk] });
    if (at.pathname === '/auth') return authorize(at, res);
    if (at.pathname === '/token') return token(new URLSearchParams(await textOf(req)), res);
    if (at.pathname === '/revoke') return json(res, {});
    const endpoints = {
      authorization_endpoint: `${url}/auth`,
      token_endpoint: `${url}/token`,
      jwks_uri: `${url}/jwks`,
      revocation_endpoint: `${url}/revoke`,
      end_session_endpoint: `${url}/end`,
    };
    return json(res, {
      issuer: url,
      ...endpoints,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
    });
  }

  function authorize(at: URL, res: ServerResponse): void {
    const code = randomUUID();
    codes.set(code, { challenge: at.searchParams.get('code_challenge')!, nonce: at.searchParams.get('nonce')! });
    const back = new URL(at.searchParams.get('redirect_uri')!);
    back.searchParams.set('code', code);
    back.searchParams.set('state', at.searchParams.get('state')!);
    res.writeHead(302, { location: back.href }).end();
  }

  async function token(form: URLSearchParams, res: ServerResponse): Promise<void> {
    if (form.get('client_secret') !== 'secret') return json(res, { error: 'invalid_client' }, 401);
    const isRefresh = form.get('grant_type') === 'refresh_token';
    const code = codes.get(form.get('code') ?? '');
    const verified = isRefresh
      ? refreshTokens.delete(form.get('refresh_token') ?? '')
      : code?.challenge ===
        createHash('sha256')
          .update(form.get('code_verifier') ?? '')
          .digest('base64url');
    if (!verified || issuer.refuses) return json(res, { error: 'invalid_grant' }, 400);
    codes.delete(form.get('code') ?? '');
    if (isRefresh) issuer.refreshes++;
    const refresh = randomUUID();
    refreshTokens.add(refresh);
    const seconds = issuer.tokenSeconds;
    json(res, {
      access_token: await sign(person(issuer.email), 'openprm', seconds),
      id_token: await sign({ ...person(issuer.email), ...(code && { nonce: code.nonce }) }, 'openprm-gateway', 3600),
      refresh_token: refresh,
      token_type: 'Bearer',
      expires_in: seconds,
    });
  }
}

function json(res: ServerResponse, body: object, status = 200): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function textOf(req: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of req) text += String(chunk);
  return text;
}
