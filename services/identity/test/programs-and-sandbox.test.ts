import { createRemoteJWKSet, jwtVerify } from 'jose';
import { run } from '@openprm/postgres';
import { addClient } from '../src/db/clients';
import { ensureSigningKey, loadSigningKeys, rotateSigningKey } from '../src/db/signing-keys';
import { givenIdentity, givenPerson, SANDBOX_SECRET, type RunningIdentity } from './given';

let identity: RunningIdentity;
beforeAll(async () => {
  identity = await givenIdentity();
});
afterAll(() => identity.stop());

const verify = (token: string) =>
  jwtVerify(token, createRemoteJWKSet(new URL(`${identity.config.issuer}/jwks`)), {
    issuer: identity.config.issuer,
    audience: 'openprm',
    typ: 'at+jwt',
  });

const askAsProgram = (id: string, secret: string): Promise<Response> =>
  fetch(`${identity.config.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });

const askSandbox = (email: unknown, secret = SANDBOX_SECRET, issuer = identity.config.issuer): Promise<Response> =>
  fetch(`${issuer}/sandbox/token`, {
    method: 'POST',
    headers: { 'x-sandbox-secret': secret, 'content-type': 'application/json' },
    body: JSON.stringify({ email }),
  });

test('a program gets a token whose principal is its client id', async () => {
  const secret = await addClient(identity.database, 'erp-export', 'ERP export');
  const answer = await askAsProgram('erp-export', secret);
  const { access_token, expires_in } = (await answer.json()) as { access_token: string; expires_in: number };
  expect(expires_in).toBe(3600);
  expect((await verify(access_token)).payload).toMatchObject({ email: 'erp-export@clients', client_id: 'erp-export' });
});

test('a wrong secret, an unknown program and the stored hash itself are refused', async () => {
  await addClient(identity.database, 'crm-sync', 'CRM sync');
  const [row] = await run<{ secret_hash: string }>(identity.database, `select secret_hash from clients where client_id = 'crm-sync'`);
  for (const [id, secret] of [
    ['crm-sync', 'wrong'],
    ['nobody', 'wrong'],
    ['crm-sync', row?.secret_hash ?? ''],
  ] as const) {
    const answer = await askAsProgram(id, secret);
    expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([401, 'invalid_client']);
  }
});

test('the gateway cannot ask as a program', async () => {
  const answer = await askAsProgram('openprm-gateway', identity.config.clientSecret);
  expect([answer.status, await answer.json()]).toMatchObject([400, { error_description: expect.stringContaining('grant type') }]);
});

test('the sandbox gives a token for a known address', async () => {
  const { personId } = await givenPerson(identity.database, 'associate@partner.example');
  const answer = await askSandbox('Associate@partner.example');
  const { access_token, expires_in } = (await answer.json()) as { access_token: string; expires_in: number };
  expect(expires_in).toBe(3600);
  expect((await verify(access_token)).payload).toMatchObject({ sub: personId, email: 'associate@partner.example', name: 'Mia Manager' });
});

test('the sandbox refuses an unknown address, a wrong secret and nonsense with a problem', async () => {
  expect((await askSandbox('nobody@partner.example')).status).toBe(404);
  expect((await askSandbox('associate@partner.example', 'wrong')).status).toBe(401);
  expect((await askSandbox(42)).status).toBe(400);
  const broken = await fetch(`${identity.config.issuer}/sandbox/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{',
  });
  expect([broken.status, broken.headers.get('content-type')]).toEqual([400, 'application/problem+json; charset=utf-8']);
});

test('without a sandbox secret nobody signs in without a password, and the page says so', async () => {
  const closed = await givenIdentity({ sandbox: undefined });
  try {
    expect((await askSandbox('associate@partner.example', '', closed.config.issuer)).status).toBe(401);
    const page = await fetch(`${closed.config.issuer}/sign-in/anything`);
    expect(page.status).toBe(403);
    expect(await page.text()).toContain('Sign-in is switched off');
  } finally {
    await closed.stop();
  }
});

test('a rotated key is published before it signs, and the old one stays until its tokens have ended', async () => {
  const [before] = await ensureSigningKey(identity.database);
  const kid = await rotateSigningKey(identity.database, 3_600, 3_600);
  const announced = await loadSigningKeys(identity.database);
  expect(announced.map((key) => key.kid)).toEqual([before?.kid, kid]);
  await run(identity.database, `update signing_keys set signs_from = now() where kid = $1`, [kid]);
  const due = await loadSigningKeys(identity.database);
  expect(due.map((key) => key.kid)).toEqual([kid, before?.kid]);
});

test('the private half of a key is never published', async () => {
  const { keys } = (await (await fetch(`${identity.config.issuer}/jwks`)).json()) as { keys: Record<string, string>[] };
  expect(keys.length).toBeGreaterThan(0);
  expect(keys.every((key) => key['kid'] && !key['d'])).toBe(true);
});

test('health needs nothing, readiness needs the database', async () => {
  expect((await fetch(`${identity.config.issuer}/healthz`)).status).toBe(200);
  expect((await fetch(`${identity.config.issuer}/readyz`)).status).toBe(200);
});
