import { run } from '@openprm/postgres';
import { givenGateway, type Gateway } from './given-gateway';

describe('a browser', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await givenGateway({
      GetMe: ({ metadata }) => ({ name: String(metadata.get('authorization')[0]).slice(0, 9) }),
      CreatePartner: () => ({ name: 'A' }),
    });
  });
  beforeEach(() => {
    gateway.issuer.tokenSeconds = 3600;
    gateway.issuer.refreshes = 0;
    gateway.issuer.refuses = false;
  });
  afterAll(() => gateway.stop());

  const get = (path: string, cookie = '') => fetch(new URL(path, gateway.url), { redirect: 'manual', headers: { cookie } });

  async function startedAt(returnTo = '/') {
    const start = await get(`/auth/sign-in?returnTo=${encodeURIComponent(returnTo)}`);
    const back = await fetch(start.headers.get('location')!, { redirect: 'manual' });
    const callback = new URL(back.headers.get('location')!);
    return { attempt: start.headers.getSetCookie()[0]!, callback: callback.pathname + callback.search };
  }

  async function signedIn(returnTo?: string) {
    const { attempt, callback } = await startedAt(returnTo);
    const end = await get(callback, attempt.split(';')[0]);
    const set = end.headers.getSetCookie().find((each) => each.startsWith('prm_session='))!;
    return { location: end.headers.get('location'), set, cookie: set?.split(';')[0] ?? '' };
  }

  it('signs in at the issuer and gets nothing but a cookie that scripts cannot read', async () => {
    const { location, set, cookie } = await signedIn('/deals?open=1');
    expect(location).toBe('/deals?open=1');
    expect(set).toMatch(/HttpOnly/);
    expect(set).toMatch(/SameSite=Lax/);
    const me = await gateway.ask('GET', '/v1/me', { headers: { cookie } });
    expect(me).toMatchObject({ status: 200, json: { name: 'Bearer ey' } });
    const session = await gateway.ask('GET', '/auth/session', { headers: { cookie } });
    expect(session.json).toMatchObject({ name: 'manager', email: 'manager@partner.example', csrfToken: expect.any(String) });
    expect(JSON.stringify(session.json)).not.toContain('eyJ');
  });

  it('needs the CSRF token for whatever changes something', async () => {
    const { cookie } = await signedIn();
    const { csrfToken } = (await gateway.ask('GET', '/auth/session', { headers: { cookie } })).json;
    const post = (headers: Record<string, string>) =>
      gateway.ask('POST', '/v1/partners', { body: { name: 'A' }, headers: { cookie, ...headers } });
    expect(await post({})).toMatchObject({ status: 403, json: { reason: 'CSRF_TOKEN' } });
    expect((await post({ 'x-csrf-token': `${csrfToken.slice(0, -1)}_` })).status).toBe(403);
    expect((await post({ 'x-csrf-token': csrfToken })).status).toBe(200);
  });

  it('cannot be signed in by a link that another browser began, nor twice with one code', async () => {
    const { attempt, callback } = await startedAt();
    expect((await get(callback)).status).toBe(400);
    const cookie = attempt.split(';')[0];
    expect((await get(callback, cookie)).status).toBe(302);
    expect((await get(callback, cookie)).status).toBe(401);
  });

  it('is never sent to another site after signing in', async () => {
    for (const evil of ['https://evil.example/', '//evil.example', '/\\evil.example', '/ok\\..'])
      expect((await signedIn(evil)).location).toBe('/');
  });

  it('keeps its session while tokens are renewed, with one renewal however many requests come at once', async () => {
    gateway.issuer.tokenSeconds = 30;
    const { cookie } = await signedIn();
    gateway.issuer.tokenSeconds = 3600;
    const replies = await Promise.all(Array.from({ length: 10 }, () => gateway.ask('GET', '/v1/me', { headers: { cookie } })));
    expect(replies.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(gateway.issuer.refreshes).toBe(1);
  });

  it('is signed out when the issuer does not renew', async () => {
    gateway.issuer.tokenSeconds = 30;
    const { cookie } = await signedIn();
    gateway.issuer.refuses = true;
    expect((await gateway.ask('GET', '/v1/me', { headers: { cookie } })).status).toBe(401);
    gateway.issuer.refuses = false;
    expect((await gateway.ask('GET', '/v1/me', { headers: { cookie } })).status).toBe(401);
  });

  it('signs out, and the cookie is worth nothing afterwards', async () => {
    const { cookie } = await signedIn();
    const { csrfToken } = (await gateway.ask('GET', '/auth/session', { headers: { cookie } })).json;
    expect((await gateway.ask('POST', '/auth/sign-out', { headers: { cookie } })).status).toBe(403);
    const out = await gateway.ask('POST', '/auth/sign-out', { headers: { cookie, 'x-csrf-token': csrfToken } });
    expect(out.json.url).toContain('/end?');
    expect((await gateway.ask('GET', '/v1/me', { headers: { cookie } })).status).toBe(401);
    expect((await gateway.ask('GET', '/auth/session', { headers: { cookie } })).status).toBe(401);
  });

  it('leaves nothing in the database with which a reader could act in its name', async () => {
    const { cookie } = await signedIn();
    const rows = await run<{ text: string }>(
      gateway.running.database,
      `select sessions::text || encode(tokens, 'escape') as text from sessions`,
    );
    const all = rows.map(({ text }) => text).join();
    expect(all).not.toContain(cookie.split('=')[1]);
    expect(all).not.toContain('eyJ');
  });
});
