import { status } from '@grpc/grpc-js';
import { registry } from '@openprm/contracts';
import { Edge, type Call } from '../src/upstream/edge';
import { givenServices, refused, type StubServer } from './given-services';

const contracts = registry();
const call = (change: Partial<Call> = {}): Call => ({
  path: '/prm.partnerdirectory.v1.PartnerDirectoryService/GetMe',
  request: new Uint8Array(),
  bearer: 't',
  traceparent: '',
  deadline: Date.now() + 1_000,
  repeatable: true,
  ...change,
});

describe('the way to a service', () => {
  let services: StubServer;
  let failures = 0;
  let hold: Promise<void> | undefined;
  let now = 0;
  const edges: Edge[] = [];
  const edge = (mostInFlight = 10) => {
    const made = new Edge(services.address, mostInFlight, () => now);
    edges.push(made);
    return made;
  };

  beforeAll(async () => {
    services = await givenServices(contracts, {
      GetMe: async () => {
        await hold;
        if (failures-- > 0) throw refused(contracts, status.UNAVAILABLE, 'not now');
        return { name: 'Ann' };
      },
    });
  });
  beforeEach(() => {
    services.calls.length = 0;
    failures = 0;
    hold = undefined;
    now = Date.now();
  });
  afterAll(async () => {
    edges.forEach((each) => each.close());
    await services.stop();
  });

  it('repeats a call once when the service is unavailable and a repeat is safe', async () => {
    failures = 1;
    await expect(edge().call(call())).resolves.toBeDefined();
    expect(services.calls).toHaveLength(2);
    failures = 9;
    await expect(edge().call(call())).rejects.toMatchObject({ code: status.UNAVAILABLE });
    expect(services.calls).toHaveLength(4);
  });

  it('never repeats what might take effect twice', async () => {
    failures = 1;
    await expect(edge().call(call({ repeatable: false }))).rejects.toMatchObject({ code: status.UNAVAILABLE });
    expect(services.calls).toHaveLength(1);
  });

  it('stops calling a service that keeps failing, and tries again after a second', async () => {
    const broken = edge();
    failures = 10;
    for (let i = 0; i < 10; i++) await expect(broken.call(call({ repeatable: false }))).rejects.toMatchObject({ code: status.UNAVAILABLE });
    await expect(broken.call(call())).rejects.toMatchObject({ code: status.UNAVAILABLE });
    expect(services.calls).toHaveLength(10);
    now += 1_001;
    await expect(broken.call(call({ deadline: Date.now() + 1_000 }))).resolves.toBeDefined();
    await expect(broken.call(call())).resolves.toBeDefined();
  });

  it('stops repeating when most repeats fail', async () => {
    const struggling = edge();
    failures = 1_000;
    for (let i = 0; i < 40; i++) {
      now += 2_000;
      await struggling.call(call()).catch(() => {});
    }
    expect(services.calls.length).toBeLessThanOrEqual(50);
  });

  it('takes no more calls at once than it may, so that one hung service does not fill the gateway', async () => {
    let release = () => {};
    hold = new Promise((resolve) => (release = resolve));
    const narrow = edge(2);
    const waiting = [narrow.call(call({ repeatable: false })), narrow.call(call({ repeatable: false }))];
    await expect(narrow.call(call({ repeatable: false }))).rejects.toMatchObject({ code: status.UNAVAILABLE });
    release();
    await expect(Promise.all(waiting)).resolves.toHaveLength(2);
  });
});
