import { registry } from '@openprm/contracts';
import { pathFields, routesOf } from '../src/contracts/http-rules';
import { givenRest, type RestApi } from './given-rest';
import { givenServices, type StubServer } from './given-services';

const contracts = registry();
const routes = routesOf(contracts).filter(({ rpc }) => !rpc.parent.typeName.startsWith('prm.gateway.'));
const PACKAGES = [...new Set(routes.map(({ rpc }) => rpc.parent.file.proto.package))];

const IDS = ['01890000-0000-7000-8000-000000000001', '%00', '..%2f..%2fetc', 'a'.repeat(5_000), '%F0%9F%9A%80', "'%20or%201=1--", '%7B%7D'];
const BODIES = [
  '{}',
  'null',
  '[]',
  '"text"',
  '1e999',
  '{"__proto__": {"polluted": true}, "constructor": 1, "toString": {}}',
  '{"id": {"a": 1}, "name": {"$ne": ""}, "requestId": ["x"], "etag": 7}',
  '{"name": "\\u0000\\ud800", "items": [null, {}, 1, [[]]]}',
  '{"items": [{"externalId": "x", "partner": null}], "amount": {"units": "99999999999999999999", "nanos": -1}}',
  `{"a": ${'['.repeat(60)}${']'.repeat(60)}}`,
  '{"id": "1", "id": "2"}',
  '\u0000',
];
const QUERIES = [
  '',
  '?pageSize=-1&pageToken=%00',
  '?states=1&states=999&states=x',
  '?__proto__=1&constructor.name=x&toString=1',
  '?updateMask=a.b.c,%2C,*',
  '?search=%',
  `?search=${'x'.repeat(4_000)}`,
];

describe('whatever is sent', () => {
  let services: StubServer;
  let api: RestApi;
  beforeAll(async () => {
    services = await givenServices(contracts, Object.fromEntries(routes.map(({ rpc }) => [rpc.name, () => ({})])));
    api = await givenRest(contracts, Object.fromEntries(PACKAGES.map((name) => [name, services.address])));
  });
  afterAll(async () => {
    await api.stop();
    await services.stop();
  });

  it.each(['get', 'post', 'patch', 'delete'])(
    'no %s route answers with a fault of ours',
    async (verb) => {
      const faults: string[] = [];
      for (const route of routes.filter((each) => each.verb === verb)) {
        const inputs = route.body
          ? BODIES.map((text, i) => ({ text, query: '', id: IDS[i % IDS.length]! }))
          : QUERIES.map((query, i) => ({ text: undefined, query, id: IDS[i % IDS.length]! }));
        for (const { text, query, id } of [...inputs, { text: route.body ? '{}' : undefined, query: '', id: IDS[0]! }]) {
          const path = route.template.replace(/\{[^}]+\}/g, id) + query;
          const { status } = await api.ask(verb.toUpperCase(), path, text === undefined ? {} : { text });
          if (status >= 500) faults.push(`${status} ${verb} ${path} ${text ?? ''}`);
        }
      }
      expect(faults).toEqual([]);
    },
    120_000,
  );

  it('leaves the prototypes of objects alone', () => {
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(routes.some(({ template }) => pathFields(template).length > 0)).toBe(true);
  });
});
