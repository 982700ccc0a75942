import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { run } from '@openprm/postgres';
import { keepMembership } from '../src/db/accounts';
import { Browser, type Visit } from './browser';
import { givenIdentity, givenPerson, type RunningIdentity } from './given';

let identity: RunningIdentity;
let relyingParty: client.Configuration;

beforeAll(async () => {
  identity = await givenIdentity();
  const { issuer, clientSecret } = identity.config;
  relyingParty = await client.discovery(
    new URL(issuer),
    'openprm-gateway',
    { id_token_signed_response_alg: 'ES256' },
    client.ClientSecretPost(clientSecret),
    {
      execute: [client.allowInsecureRequests],
    },
  );
});
afterAll(() => identity.stop());

const verify = (token: string) =>
  jwtVerify(token, createRemoteJWKSet(new URL(`${identity.config.issuer}/jwks`)), {
    issuer: identity.config.issuer,
    audience: 'openprm',
    typ: 'at+jwt',
  });

async function givenSignInPage() {
  const verifier = client.randomPKCECodeVerifier();
  const address = client.buildAuthorizationUrl(relyingParty, {
    redirect_uri: `${identity.config.publicUrl}/auth/callback`,
    scope: 'openid email profile offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: 'some-state',
  });
  const browser = new Browser(identity.config.issuer);
  return { verifier, browser, address: address.href, visit: await browser.open(address.href) };
}

async function signIn(email: string): Promise<{ verifier: string; visit: Visit; browser: Browser; address: string }> {
  const { verifier, browser, visit, address } = await givenSignInPage();
  return { verifier, browser, address, visit: await browser.submit(visit.url.pathname, { email }) };
}

const exchange = ({ visit, verifier }: { visit: Visit; verifier: string }) =>
  client.authorizationCodeGrant(relyingParty, visit.url, { pkceCodeVerifier: verifier, expectedState: 'some-state' });

test('a known person signs in by code flow with PKCE and gets a token every service can verify', async () => {
  const { personId } = await givenPerson(identity.database, 'manager@partner.example');
  const tokens = await exchange(await signIn(' Manager@Partner.example '));
  expect(tokens.claims()).toMatchObject({ sub: personId, email: 'manager@partner.example', name: 'Mia Manager' });
  const { payload } = await verify(tokens.access_token);
  expect(payload).toMatchObject({ sub: personId, email: 'manager@partner.example', name: 'Mia Manager', client_id: 'openprm-gateway' });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
});

test('an invited person can sign in at once', async () => {
  await givenPerson(identity.database, 'invited@partner.example', 'INVITED');
  const { visit } = await signIn('invited@partner.example');
  expect(visit.url.searchParams.get('code')).toBeTruthy();
});

test('a refresh token works once; using it again ends the whole grant', async () => {
  await givenPerson(identity.database, 'refresh@partner.example');
  const first = await exchange(await signIn('refresh@partner.example'));
  const second = await client.refreshTokenGrant(relyingParty, first.refresh_token ?? '');
  await verify(second.access_token);
  expect(second.refresh_token).not.toBe(first.refresh_token);
  await expect(client.refreshTokenGrant(relyingParty, first.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
  await expect(client.refreshTokenGrant(relyingParty, second.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
});

test('a code is good for one exchange, also when two come at once', async () => {
  await givenPerson(identity.database, 'twice@partner.example');
  const signedIn = await signIn('twice@partner.example');
  const answers = await Promise.allSettled([exchange(signedIn), exchange(signedIn), exchange(signedIn)]);
  expect(answers.filter((answer) => answer.status === 'fulfilled').length).toBeLessThanOrEqual(1);
});

test('whoever has no open membership any more can neither sign in nor refresh', async () => {
  const membership = await givenPerson(identity.database, 'leaver@partner.example');
  const signedIn = await signIn('leaver@partner.example');
  const tokens = await exchange(signedIn);
  await keepMembership(identity.database, { ...membership, state: 'DEACTIVATED', version: 2 });
  await expect(client.refreshTokenGrant(relyingParty, tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
  const again = await signedIn.browser.open(signedIn.address);
  expect(again.html).toContain('<h1>Sign in</h1>');
  expect((await signIn('leaver@partner.example')).visit.status).toBe(422);
});

test('an older version of a membership that arrives late changes nothing', async () => {
  const membership = await givenPerson(identity.database, 'late@partner.example');
  await keepMembership(identity.database, { ...membership, state: 'DEACTIVATED', version: 3 });
  await keepMembership(identity.database, { ...membership, state: 'ACTIVE', version: 2 });
  expect((await signIn('late@partner.example')).visit.status).toBe(422);
});

test('an unknown address is refused on the same page, and what was typed is shown as text', async () => {
  const { visit } = await signIn('"><script>alert(1)</script>@x.example');
  expect(visit.status).toBe(422);
  expect(visit.html).toContain('Nobody here has this address');
  expect(visit.html).not.toContain('<script');
});

test('the page escapes names, runs no script and cannot be framed', async () => {
  const { visit } = await givenSignInPage();
  expect(visit.html).toContain('Mia &lt;b&gt;Manager&lt;/b&gt;');
  const policy = visit.headers.get('content-security-policy');
  expect(policy).toContain(`default-src 'none'`);
  expect(policy).toContain(`frame-ancestors 'none'`);
  expect(policy).toContain(`form-action 'self' http://127.0.0.1:8080`);
});

test('a page that another browser asked for does not sign in', async () => {
  await givenPerson(identity.database, 'victim@partner.example');
  const { visit } = await givenSignInPage();
  const stranger = await new Browser(identity.config.issuer).submit(visit.url.pathname, { email: 'victim@partner.example' });
  expect(stranger.status).toBe(400);
  expect(stranger.html).toContain('Sign-in has ended');
});

test('a foreign redirect address is refused without going there', async () => {
  const address = new URL(`${identity.config.issuer}/auth`);
  address.search = new URLSearchParams({
    client_id: 'openprm-gateway',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: 'https://evil.example/',
  }).toString();
  const visit = await new Browser(identity.config.issuer).open(address.href);
  expect(visit.status).toBe(400);
  expect(visit.url.origin).toBe(identity.config.issuer);
});

test('code flow without PKCE is refused', async () => {
  const address = client.buildAuthorizationUrl(relyingParty, {
    redirect_uri: `${identity.config.publicUrl}/auth/callback`,
    scope: 'openid',
  });
  const visit = await new Browser(identity.config.issuer).open(address.href);
  expect(visit.url.searchParams.get('error')).toBe('invalid_request');
});

test('signing out ends the session here too', async () => {
  await givenPerson(identity.database, 'goodbye@partner.example');
  const signedIn = await signIn('goodbye@partner.example');
  const tokens = await exchange(signedIn);
  const address = client.buildEndSessionUrl(relyingParty, {
    id_token_hint: tokens.id_token ?? '',
    post_logout_redirect_uri: `${identity.config.publicUrl}/`,
  });
  const asked = await signedIn.browser.open(address.href);
  expect(asked.headers.get('content-security-policy')).toContain(`default-src 'none'`);
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(asked.html)?.[1] ?? '';
  const left = await signedIn.browser.submit('/session/end/confirm', { xsrf, logout: 'yes' });
  expect(left.url.href).toBe(`${identity.config.publicUrl}/`);
  expect((await signedIn.browser.open(signedIn.address)).html).toContain('<h1>Sign in</h1>');
});

test('neither secrets nor tokens are kept readable where a hash will do', async () => {
  const [row] = await run<{ found: boolean }>(
    identity.database,
    `select exists (select from oidc_models where payload::text like '%' || $1 || '%') as found`,
    [identity.config.clientSecret],
  );
  expect(row?.found).toBe(false);
});
