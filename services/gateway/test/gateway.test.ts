import { givenGateway, type Gateway } from './given-gateway';

describe('the gateway', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await givenGateway({ GetMe: () => ({ name: 'Ann' }) }, { ratePerMinute: 40 });
  });
  afterAll(() => gateway.stop());

  it('says that it lives and is ready', async () => {
    expect(await gateway.ask('GET', '/healthz')).toMatchObject({ status: 200, json: { status: 'ok' } });
    expect(await gateway.ask('GET', '/readyz')).toMatchObject({ status: 200, json: { status: 'ready' } });
  });

  it('serves its documents and an explorer that loads nothing from elsewhere', async () => {
    expect((await gateway.ask('GET', '/openapi.json')).json).toMatchObject({ openapi: '3.1.0' });
    expect((await gateway.ask('GET', '/asyncapi.json')).json).toMatchObject({ asyncapi: '3.0.0' });
    const page = await fetch(`${gateway.url}/docs`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    expect(await page.text()).not.toMatch(/https?:\/\//);
    expect((await fetch(`${gateway.url}/docs/rapidoc.js`)).status).toBe(200);
  });

  it('answers what it does not know as problem+json', async () => {
    const reply = await gateway.ask('GET', '/nothing');
    expect(reply).toMatchObject({ status: 404, json: { type: 'urn:openprm:problem:not-found', code: 'NOT_FOUND', status: 404 } });
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
  });

  it('answers a bearer token with what the service says, and nothing without one', async () => {
    expect(await gateway.ask('GET', '/v1/me', { token: 'x.y.z' })).toMatchObject({ status: 200, json: { name: 'Ann' } });
    expect(await gateway.ask('GET', '/v1/me')).toMatchObject({ status: 401, json: { code: 'UNAUTHENTICATED' } });
    expect((await gateway.ask('GET', '/v1/me')).headers.get('www-authenticate')).toBe('Bearer');
  });

  it('sends the headers that protect browsers', async () => {
    const { headers } = await gateway.ask('GET', '/v1/me');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('says how much of the rate is left, and when to come back', async () => {
    expect((await gateway.ask('GET', '/v1/me')).headers.get('ratelimit')).toMatch(/limit=40, remaining=\d+/);
    const replies = await Promise.all(Array.from({ length: 45 }, () => gateway.ask('GET', '/v1/me')));
    const refused = replies.find(({ status }) => status === 429)!;
    expect(refused.json).toMatchObject({ code: 'RESOURCE_EXHAUSTED' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('a gateway that is told to stop', () => {
  it('ends open streams, lets requests in work finish, and takes no more', async () => {
    let answer = () => {};
    const asked = new Promise<void>((resolve) => (answer = resolve));
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const gateway = await givenGateway({
      GetMe: async () => {
        answer();
        await held;
        return { name: 'Ann' };
      },
    });
    const token = await gateway.issuer.token('admin@enterprise.example');
    const stream = await fetch(`${gateway.url}/v1/events`, { headers: { authorization: `Bearer ${token}` } });
    const inWork = gateway.ask('GET', '/v1/me', { token });
    await asked;
    const stopped = gateway.stop();
    expect(await stream.text()).toContain('welcome');
    await expect(fetch(`${gateway.url}/healthz`)).rejects.toThrow();
    release();
    expect(await inWork).toMatchObject({ status: 200, json: { name: 'Ann' } });
    await stopped;
  });
});
