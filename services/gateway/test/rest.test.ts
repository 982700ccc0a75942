import { registry } from '@openprm/contracts';
import { status } from '@grpc/grpc-js';
import { givenServices, refused, type StubServer } from './given-services';
import { givenRest, type RestApi } from './given-rest';

const ID = '01890000-0000-7000-8000-000000000001';
const contracts = registry();

describe('REST from the contracts', () => {
  let services: StubServer;
  let api: RestApi;
  const last = () => services.calls.at(-1)!;

  beforeAll(async () => {
    services = await givenServices(contracts, {
      GetPartner: ({ request }) => {
        if (request['id'] !== ID) throw refused(contracts, status.NOT_FOUND, 'No such partner.', { reason: 'NOT_FOUND' });
        return { id: ID, name: 'Acme', etag: '7', state: 'PARTNER_STATE_ACTIVE' };
      },
      ListPartners: () => ({ partners: [{ id: ID }] }),
      CreatePartner: ({ request }) => ({ id: ID, name: (request['partner'] as { name: string }).name, etag: '1' }),
      UpdatePartner: () => ({ id: ID, etag: '8' }),
      SuspendPartner: () => {
        throw refused(contracts, status.FAILED_PRECONDITION, 'Cannot suspend in state PROSPECT.', {
          reason: 'ILLEGAL_MOVE',
          metadata: { moves: 'activate,terminate' },
        });
      },
      InviteStaff: () => {
        throw refused(contracts, status.INVALID_ARGUMENT, 'Bad.', {
          violations: [{ field: 'staff_member.include_descendants', description: 'not for associates' }],
        });
      },
      ActivatePartner: () => {
        throw Object.assign(new Error('relation "partners" does not exist at 10.1.2.3'), {
          code: status.INTERNAL,
          details: 'relation "partners" at 10.1.2.3',
        });
      },
      GetMe: () => new Promise(() => {}),
      ImportPartners: ({ request }) => ({ results: (request['items'] as unknown[]).map(() => ({ outcome: 'IMPORT_OUTCOME_CREATED' })) }),
    });
    api = await givenRest(contracts, { 'prm.partnerdirectory.v1': services.address, 'prm.order.v1': '127.0.0.1:1' }, { read: 300 });
  });
  afterAll(async () => {
    await api.stop();
    await services.stop();
  });

  it('reads one record and gives its etag as ETag', async () => {
    const reply = await api.ask('GET', `/v1/partners/${ID}`);
    expect(reply).toMatchObject({ status: 200, json: { id: ID, name: 'Acme', state: 'PARTNER_STATE_ACTIVE', moves: [], taxId: '' } });
    expect(reply.headers.get('etag')).toBe('"7"');
    expect(reply.headers.get('cache-control')).toBe('no-store');
  });

  it('hands on the bearer token, a trace and a deadline', async () => {
    await api.ask('GET', `/v1/partners/${ID}`, { headers: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` } });
    expect(last().seen.metadata.get('authorization')).toEqual(['Bearer a.b.c']);
    expect(last().seen.metadata.get('traceparent')[0]).toContain('a'.repeat(32));
    expect(last().seen.deadline - Date.now()).toBeLessThanOrEqual(300);
  });

  it('answers 401 without credentials, whatever the path under /v1', async () => {
    for (const path of [`/v1/partners/${ID}`, '/v1/nothing']) {
      expect(await api.ask('GET', path, { token: null })).toMatchObject({ status: 401, json: { code: 'UNAUTHENTICATED' } });
    }
  });

  it('maps query parameters to fields: numbers, lists of enums', async () => {
    await api.ask('GET', '/v1/partners?pageSize=5&states=PARTNER_STATE_ACTIVE&states=PARTNER_STATE_SUSPENDED&search=a%20b');
    expect(last().seen.request).toMatchObject({ pageSize: 5, states: [2, 3], search: 'a b' });
  });

  it('carries out a list with one call', async () => {
    const before = services.calls.length;
    await api.ask('GET', '/v1/partners?pageSize=100');
    expect(services.calls.length).toBe(before + 1);
  });

  it('names every bad query parameter', async () => {
    const reply = await api.ask('GET', '/v1/partners?pageSize=many&states=ON&colour=red&parentId=x');
    expect(reply.status).toBe(400);
    expect(reply.json.violations.map((each: { field: string }) => each.field).sort()).toEqual(['colour', 'pageSize', 'states[0]']);
  });

  it('tells a custom verb from a record, and an unknown verb is 404', async () => {
    expect(
      (await api.ask('POST', '/v1/partners:import', { body: { items: [{ externalId: 'a', partner: { name: 'A' } }] } })).json,
    ).toMatchObject({ results: [{ outcome: 'IMPORT_OUTCOME_CREATED' }] });
    expect((await api.ask('POST', `/v1/partners/${ID}:fly`, { body: {} })).status).toBe(404);
    expect((await api.ask('GET', `/v1/partners/${ID}:fly`)).status).toBe(404);
  });

  it('takes Idempotency-Key as request_id and If-Match as etag', async () => {
    await api.ask('PATCH', `/v1/partners/${ID}`, { body: { city: 'Bern' }, headers: { 'idempotency-key': 'k-1', 'if-match': 'W/"7"' } });
    expect(last().seen.request).toMatchObject({ requestId: 'k-1', etag: '7' });
  });

  it('fills the mask of a PATCH from the body, null included, and checks only what is named', async () => {
    const reply = await api.ask('PATCH', `/v1/partners/${ID}`, { body: { city: 'Bern', taxId: null } });
    expect(reply.status).toBe(200);
    expect(last().seen.request).toMatchObject({ partner: { id: ID, city: 'Bern', name: '' }, updateMask: { paths: ['city', 'tax_id'] } });
    expect(await api.ask('PATCH', `/v1/partners/${ID}`, { body: { name: '' } })).toMatchObject({
      status: 400,
      json: { violations: [{ field: 'name' }] },
    });
    expect((await api.ask('PATCH', `/v1/partners/${ID}`, { body: {} })).status).toBe(400);
  });

  it('drops what only the platform may write', async () => {
    await api.ask('POST', '/v1/partners', { body: { name: 'Acme', state: 'PARTNER_STATE_ACTIVE', id: 'x', moves: ['fly'] } });
    expect(last().seen.request).toMatchObject({ partner: { name: 'Acme', state: 0, id: '', moves: [] } });
  });

  it('lists every fault of a body with its path', async () => {
    const body = { name: 7, titel: 'x', capabilities: { regions: ['CH', 9], colour: 1 } };
    const reply = await api.ask('POST', '/v1/partners', { body });
    expect(reply.status).toBe(400);
    expect(reply.json.violations).toEqual([
      { field: 'name', description: 'expected a string' },
      { field: 'titel', description: 'unknown field' },
      { field: 'capabilities.regions[1]', description: 'expected a string' },
      { field: 'capabilities.colour', description: 'unknown field' },
    ]);
  });

  it('checks the rules of the contract before it calls anybody', async () => {
    const before = services.calls.length;
    const reply = await api.ask('POST', '/v1/partners', { body: { name: '', country: 'ch', types: ['lower'] } });
    expect(reply).toMatchObject({
      status: 400,
      json: { code: 'INVALID_ARGUMENT', violations: [{ field: 'name' }, { field: 'types[0]' }, { field: 'country' }] },
    });
    expect(reply.json.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(services.calls.length).toBe(before);
  });

  it('refuses integers that JSON would have rounded', async () => {
    const reply = await api.ask('POST', '/v1/partners:import', {
      text: '{"items": [{"externalId": 9007199254740993, "partner": {"name": "A"}}]}',
    });
    expect(reply.json.violations).toEqual([{ field: 'items[0].externalId', description: 'is beyond 2^53: write it as a string' }]);
  });

  it('refuses a body that is no JSON, too deep, of another type, too large, or not wanted', async () => {
    expect((await api.ask('POST', '/v1/partners', { text: '{' })).status).toBe(400);
    expect((await api.ask('POST', '/v1/partners', { text: '['.repeat(100_000) })).status).toBe(400);
    expect(
      (await api.ask('POST', '/v1/partners', { text: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } })).json,
    ).toMatchObject({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
    expect((await api.ask('POST', '/v1/partners', { body: { name: 'x'.repeat(1_100_000) } })).json).toMatchObject({
      status: 413,
      code: 'PAYLOAD_TOO_LARGE',
    });
    expect((await api.ask('DELETE', `/v1/partners/${ID}`)).json).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' });
    expect((await api.ask('GET', '/v1/partners/%zz')).status).toBe(400);
  });

  it('says 405 with the methods that are possible', async () => {
    const reply = await api.ask('PUT', `/v1/partners/${ID}`, { body: {} });
    expect(reply.status).toBe(405);
    expect(reply.headers.get('allow')!.split(', ').sort()).toEqual(['GET', 'PATCH']);
  });

  it("gives the service's reason, possible moves and violations as the caller wrote the fields", async () => {
    expect(await api.ask('POST', `/v1/partners/${ID}:suspend`, { body: { reason: 'X' } })).toMatchObject({
      status: 409,
      json: {
        type: 'urn:openprm:problem:failed-precondition',
        title: 'Not possible now',
        code: 'FAILED_PRECONDITION',
        reason: 'ILLEGAL_MOVE',
        detail: 'Cannot suspend in state PROSPECT.',
        moves: ['activate', 'terminate'],
      },
    });
    const invite = await api.ask('POST', `/v1/partners/${ID}/staff`, {
      body: { name: 'A', email: 'a@b.example', role: 'ROLE_PARTNER_ASSOCIATE' },
    });
    expect(invite.json.violations).toEqual([{ field: 'includeDescendants', description: 'not for associates' }]);
    expect((await api.ask('GET', `/v1/partners/${ID.replace(/1$/, '2')}`)).json).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });

  it('never shows what a service or the client library let slip', async () => {
    const internal = await api.ask('POST', `/v1/partners/${ID}:activate`, { body: {} });
    expect(internal.status).toBe(500);
    expect(JSON.stringify(internal.json)).not.toMatch(/relation|10\.1/);
    const down = await api.ask('GET', `/v1/orders/${ID}`);
    expect(down.status).toBe(503);
    expect(down.headers.get('retry-after')).toBe('1');
    expect(JSON.stringify(down.json)).not.toMatch(/127\.0\.0\.1|ECONN/);
  });

  it('gives up at the deadline with 504', async () => {
    expect(await api.ask('GET', '/v1/me')).toMatchObject({ status: 504, json: { code: 'DEADLINE_EXCEEDED' } });
  });
});
