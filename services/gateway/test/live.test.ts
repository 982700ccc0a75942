import { randomUUID } from 'node:crypto';
import { connectBroker, toMessage, toOutboxRow, type Broker, type Codec } from '@openprm/messaging';
import { DealApproved, DealState } from '@openprm/contracts/dealregistration';
import {
  MembershipState,
  OrganisationKind,
  Partner,
  PartnerCreated,
  PartnerState,
  Role,
  StaffActivated,
  StaffDeactivated,
  StaffMember,
} from '@openprm/contracts/partnerdirectory';
import { newId, run } from '@openprm/postgres';
import { givenDatabase } from '@openprm/testing';
import { logger } from '@openprm/telemetry';
import { givenGateway, type Gateway } from './given-gateway';

/** What one client hears. */
class Stream {
  readonly events: { id: string; type: string; subject: string; data?: object }[] = [];
  raw = '';
  closed = false;
  readonly #abort = new AbortController();

  static async open(gateway: Gateway, email: string, headers: Record<string, string> = {}): Promise<Stream> {
    const stream = new Stream();
    const token = await gateway.issuer.token(email);
    const answer = await fetch(`${gateway.url}/v1/events`, {
      headers: { authorization: `Bearer ${token}`, ...headers },
      signal: stream.#abort.signal,
    });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    void stream
      .#read(answer)
      .catch(() => {})
      .finally(() => (stream.closed = true));
    return stream;
  }

  async #read(answer: Response): Promise<void> {
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      this.raw += chunk;
      this.events.splice(
        0,
        Infinity,
        ...this.raw
          .split('\n')
          .filter((line) => line.startsWith('data: '))
          .map((line) => JSON.parse(line.slice(6))),
      );
    }
  }

  close(): void {
    this.#abort.abort();
  }
}

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 15_000;
  while (!(await what())) {
    if (Date.now() > end) throw new Error('did not happen within 15 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('live updates', () => {
  let gateway: Gateway;
  let broker: Broker;
  let bus: Awaited<ReturnType<typeof givenDatabase>>;
  const [enterprise, top, child, other] = Array.from({ length: 4 }, () => newId()) as [string, string, string, string];
  const open: Stream[] = [];

  async function publish<T>(codec: Codec<T>, message: T, audience: string[]): Promise<string> {
    const row = toOutboxRow(codec, message, { audience, now: new Date(), newId: randomUUID });
    await broker.publish([toMessage(row)]);
    return row.event_id;
  }
  const partner = (id: string, parentId = '', kind = OrganisationKind.EXTERNAL) =>
    publish(PartnerCreated, { partner: Partner.fromPartial({ id, name: id, kind, state: PartnerState.ACTIVE, parentId, etag: '1' }) }, [
      id,
    ]);
  const member = (email: string, partnerId: string, role: Role) => {
    const staffMember = StaffMember.fromPartial({
      id: newId(),
      personId: newId(),
      email,
      name: email,
      partnerId,
      role,
      state: MembershipState.ACTIVE,
      includeDescendants: true,
      etag: '1',
      createTime: new Date(),
    });
    return publish(StaffActivated, { staffMember }, [partnerId]).then(() => staffMember);
  };
  const deal = (audience: string[], number = 'DR-1') =>
    publish(DealApproved, DealApproved.fromPartial({ deal: { id: newId(), number, state: DealState.APPROVED, etag: '3' } }), audience);
  const listen = async (email: string, headers = {}) => {
    const stream = await Stream.open(gateway, email, headers);
    open.push(stream);
    return stream;
  };

  let manager: StaffMember;
  beforeAll(async () => {
    bus = await givenDatabase('gateway-bus', []);
    const log = logger('test');
    log.level = 'silent';
    broker = connectBroker({ busDatabaseUrl: bus.url, clientId: 'test', log });
    await broker.ensureTopics();
    gateway = await givenGateway({}, { broker });
    await partner(enterprise, '', OrganisationKind.INTERNAL);
    await partner(top);
    await partner(child, top);
    await partner(other);
    await member('admin@enterprise.example', enterprise, Role.ENTERPRISE_ADMIN);
    await member('associate@partner.example', child, Role.PARTNER_ASSOCIATE);
    manager = await member('manager@partner.example', top, Role.PARTNER_MANAGER);
    await until(async () => (await run(gateway.running.database, 'select 1 from access_memberships')).length === 3);
  });
  afterEach(() => open.splice(0).forEach((stream) => stream.close()));
  afterAll(async () => {
    await gateway.stop();
    await broker.close();
    await bus.drop();
  });

  it('reach those who may know and nobody else', async () => {
    const [admin, managing, associate] = await Promise.all(
      ['admin@enterprise.example', 'manager@partner.example', 'associate@partner.example'].map((email) => listen(email)),
    );
    const stranger = await listen('nobody@x.example');
    const [internal, ofTop, ofChild, ofOther] = [await deal([]), await deal([top]), await deal([child]), await deal([other])];
    const last = await deal([child, other], 'DR-9');
    await until(() => admin!.events.at(-1)?.id === last && associate!.events.at(-1)?.id === last && managing!.events.at(-1)?.id === last);
    expect(admin!.events.map(({ id }) => id)).toEqual([internal, ofTop, ofChild, ofOther, last]);
    expect(managing!.events.map(({ id }) => id)).toEqual([ofTop, ofChild, last]);
    expect(associate!.events.map(({ id }) => id)).toEqual([ofChild, last]);
    expect(stranger.events).toEqual([]);
  });

  it('carry number, state and version of the record and nothing else', async () => {
    const admin = await listen('admin@enterprise.example');
    const id = await deal([top], 'DR-000007');
    await until(() => admin.events.length > 0);
    expect(admin.events[0]).toEqual({
      id,
      type: 'prm.dealregistration.v1.DealApproved',
      subject: expect.any(String),
      time: expect.any(String),
      data: { number: 'DR-000007', state: 'DEAL_STATE_APPROVED', version: '3' },
    });
  });

  it('can be caught up with after a broken connection', async () => {
    const admin = await listen('admin@enterprise.example');
    const first = await deal([top]);
    await until(() => admin.events.length > 0);
    admin.close();
    const second = await deal([top]);
    const again = await listen('admin@enterprise.example', { 'last-event-id': first });
    await until(() => again.events.length > 0);
    expect(again.events.map(({ id }) => id)).toEqual([second]);
    expect((await listen('admin@enterprise.example', { 'last-event-id': 'whatever' })).events).toEqual([]);
  });

  it('stop on an open stream within 5 s when the right is taken away', async () => {
    const managing = await listen('manager@partner.example');
    await deal([child]);
    await until(() => managing.events.length === 1);
    await publish(StaffDeactivated, { staffMember: { ...manager, state: MembershipState.DEACTIVATED, etag: '2' } }, [top]);
    const takenAway = Date.now();
    await until(
      async () => (await run(gateway.running.database, `select 1 from access_memberships where state = 'DEACTIVATED'`)).length === 1,
    );
    const admin = await listen('admin@enterprise.example');
    let heard = managing.events.length;
    await until(async () => {
      const id = await deal([child]);
      await until(() => admin.events.at(-1)?.id === id);
      const silent = managing.events.length === heard;
      heard = managing.events.length;
      return silent;
    });
    expect(Date.now() - takenAway).toBeLessThan(5_000);
    expect(managing.closed).toBe(false);
  });

  it('end when the token does, show that they live, and are refused beyond their number', async () => {
    const token = await gateway.issuer.token('admin@enterprise.example', 1);
    const short = await fetch(`${gateway.url}/v1/events`, { headers: { authorization: `Bearer ${token}` } });
    expect(await short.text()).toContain(': alive');
    expect((await gateway.ask('GET', '/v1/events')).status).toBe(401);
    expect((await gateway.ask('GET', '/v1/events', { token: 'no.token.here' })).status).toBe(401);
    for (let i = 0; i < 10; i++) await listen('admin@enterprise.example');
    const reply = await gateway.ask('GET', '/v1/events', { token: await gateway.issuer.token('admin@enterprise.example') });
    expect(reply).toMatchObject({ status: 503, json: { code: 'UNAVAILABLE' } });
  });
});
