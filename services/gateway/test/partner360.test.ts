import { status } from '@grpc/grpc-js';
import type { JsonValue } from '@bufbuild/protobuf';
import { registry } from '@openprm/contracts';
import { givenServices, refused, type Answer, type StubServer } from './given-services';
import { givenRest, type Json, type RestApi } from './given-rest';

const ID = '01890000-0000-7000-8000-000000000001';
const contracts = registry();
const usd = (units: number) => ({ currencyCode: 'USD', units: String(units), nanos: 0 });

const ANSWERS: Record<string, JsonValue> = {
  GetPartner: { id: ID, name: 'Acme' },
  GetPartnerHierarchy: { nodes: [{ id: 'p', depth: -1 }, { id: ID }, { id: 'c', depth: 1 }, { id: 'g', depth: 2 }] },
  GetPartnership: { partnerId: ID, enrolments: [{ tier: 'GOLD' }] },
  ListStaff: { staff: [{ name: 'Ann' }], nextPageToken: 'more' },
  SummarizeDeals: {
    total: 4,
    decided: 4,
    granted: 3,
    hitRate: 0.75,
    medianDecisionSeconds: 3600,
    recentActivity: [{ time: '2026-01-02T00:00:00Z', recordId: 'd', move: 'approve', toState: 'APPROVED' }],
  },
  SummarizeOpportunities: { won: 1, lost: 1, winRate: 0.5, wonRevenue: [usd(100)], openPipeline: [{ ...usd(5), currencyCode: 'EUR' }] },
  SummarizeQuotes: { sums: [{ currency: 'USD', wonCount: '2', averageDiscountBasisPoints: 550 }] },
  SummarizeOrders: {
    orderCount: '1',
    recentActivity: [
      { time: '2026-01-03T00:00:00Z', orderId: 'o', move: 'fulfil', toState: 'ORDER_STATE_FULFILLED', customerName: 'Kunde' },
    ],
  },
  SummarizeCases: {},
};

describe('Partner 360', () => {
  let services: StubServer;
  let api: RestApi;
  let changed: Record<string, Answer> = {};
  const PACKAGES = ['partnerdirectory', 'programsegment', 'dealregistration', 'quoting', 'order', 'supportcase'].map(
    (area) => `prm.${area}.v1`,
  );
  const view = () => api.ask('GET', `/v1/partners/${ID}:view360?includeDescendants=true`);

  beforeAll(async () => {
    const answers = Object.fromEntries(
      Object.keys(ANSWERS).map((rpc) => [rpc, (seen: Parameters<Answer>[0]) => changed[rpc]?.(seen) ?? ANSWERS[rpc]!]),
    );
    services = await givenServices(contracts, answers);
    api = await givenRest(contracts, Object.fromEntries(PACKAGES.map((name) => [name, services.address])), { view360: 500 });
  });
  beforeEach(() => {
    changed = {};
    services.calls.length = 0;
  });
  afterAll(async () => {
    await api.stop();
    await services.stop();
  });

  it('puts all sections together with one call each', async () => {
    const { status: code, json } = await view();
    expect(code).toBe(200);
    for (const section of Object.values(json).filter((each: Json) => each.status) as { status: { state: string } }[])
      expect(section.status.state).toBe('SECTION_STATE_OK');
    expect(json).toMatchObject({
      profile: { partner: { name: 'Acme' } },
      hierarchy: { children: [{ id: 'c' }], ancestors: [{ id: 'p' }], descendantCount: 2 },
      programs: { partnership: { enrolments: [{ tier: 'GOLD' }] } },
      staff: { staff: [{ name: 'Ann' }], more: true },
      keyFigures: {
        currencies: [
          { currencyCode: 'EUR', wonRevenue: { units: '0' }, openPipeline: { units: '5' } },
          { currencyCode: 'USD', wonRevenue: { units: '100' }, averageDiscountBasisPoints: 550 },
        ],
        hitRate: 0.75,
        winRate: 0.5,
        medianDecisionSeconds: 3600,
      },
      recentActivity: {
        entries: [
          { kind: 'ORDER', toState: 'FULFILLED', title: 'Kunde' },
          { kind: 'DEAL', recordId: 'd' },
        ],
      },
    });
    expect(services.calls.map(({ rpc }) => rpc).sort()).toEqual([...new Set(services.calls.map(({ rpc }) => rpc))].sort());
    expect(
      services.calls
        .filter(({ rpc }) => /^(Summarize|ListStaff)/.test(rpc))
        .every(({ seen }) => seen.request['includeDescendants'] === true),
    ).toBe(true);
  });

  it('loses one section to a service that is down, and never shows an empty list or a zero in its place', async () => {
    changed = {
      SummarizeOpportunities: () => {
        throw refused(contracts, status.UNAVAILABLE, 'connect ECONNREFUSED 10.0.0.1:1');
      },
    };
    const { status: code, json } = await view();
    expect(code).toBe(200);
    expect(json.opportunities).toMatchObject({ status: { state: 'SECTION_STATE_UNAVAILABLE' } });
    expect(json.opportunities.summary).toBeUndefined();
    expect(json.deals.status.state).toBe('SECTION_STATE_OK');
    expect(json.keyFigures).toMatchObject({
      status: { state: 'SECTION_STATE_UNAVAILABLE', message: 'Without opportunities.' },
      hitRate: 0.75,
    });
    expect(json.keyFigures.currencies).toEqual([{ currencyCode: 'USD', averageDiscountBasisPoints: 550 }]);
    expect(json.keyFigures.winRate).toBeUndefined();
    expect(JSON.stringify(json)).not.toContain('ECONN');
  });

  it('waits for a hung service no longer than its budget', async () => {
    changed = {
      SummarizeOrders: () => new Promise(() => {}),
      ListStaff: () => {
        throw refused(contracts, status.PERMISSION_DENIED, 'no');
      },
    };
    const started = Date.now();
    const { status: code, json } = await view();
    expect(Date.now() - started).toBeLessThan(800);
    expect(code).toBe(200);
    expect(json.orders.status.state).toBe('SECTION_STATE_TIMEOUT');
    expect(json.staff.status.state).toBe('SECTION_STATE_DENIED');
    expect(json.quotes.status.state).toBe('SECTION_STATE_OK');
  });

  it('is NOT_FOUND as a whole when the partner is', async () => {
    changed = {
      GetPartner: () => {
        throw refused(contracts, status.NOT_FOUND, 'No such partner.', { reason: 'NOT_FOUND' });
      },
    };
    expect(await view()).toMatchObject({ status: 404, json: { code: 'NOT_FOUND' } });
  });

  it('still answers when the directory is down', async () => {
    changed = {
      GetPartner: () => {
        throw refused(contracts, status.UNAVAILABLE, 'down');
      },
    };
    expect(await view()).toMatchObject({
      status: 200,
      json: { profile: { status: { state: 'SECTION_STATE_UNAVAILABLE' } }, deals: { status: { state: 'SECTION_STATE_OK' } } },
    });
  });
});
