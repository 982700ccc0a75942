import { fromJson, toBinary, type JsonValue } from '@bufbuild/protobuf';
import type { CallOptions, Client, ClientUnaryCall, Metadata, requestCallback, ServiceDefinition, ServiceError } from '@grpc/grpc-js';
import { registry } from '@openprm/contracts';
import { call, connect } from '@openprm/grpc';
import { startService, type RunningService, type ServiceParts } from '@openprm/lifecycle';
import { consumeOnce, toMessage, toOutboxRow, toReceivedEvent, type Codec } from '@openprm/messaging';
import { newId, run } from '@openprm/postgres';
import { logger } from '@openprm/telemetry';
import { givenDatabase } from './database';
import { givenIssuer, type TestIssuer } from './issuer';

type DeepPartial<T> = T extends Date | bigint | Buffer
  ? T
  : T extends (infer Item)[]
    ? DeepPartial<Item>[]
    : T extends object
      ? { [K in keyof T]?: DeepPartial<T[K]> }
      : T;

/** Time as the test sets it. */
export interface TestClock {
  now: Date;
}

export interface TestService<Deps> {
  service: RunningService<Deps>;
  issuer: TestIssuer;
  clock: TestClock;
  databaseUrl: string;
  /** A client of the running service; `as(email)` gives its methods as async functions in that person's name. */
  as<C extends Client>(type: new (...args: never[]) => C, email: string): Calls<C>;
  /** Delivers an event as the consumer would: inbox, effect and outgoing events in one transaction. */
  deliver<T>(codec: Codec<T>, message: T): Promise<void>;
  /** Types and values of what is in the outbox, oldest first. */
  outbox(): Promise<{ type: string; key: string; audience: string[]; value: Record<string, unknown> }[]>;
  stop(): Promise<void>;
}

/** The last of a generated method's overloads is the one that inference sees. */
type Method<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: Partial<CallOptions>,
  callback: (error: ServiceError | null, response: Response) => void,
) => ClientUnaryCall;

type Calls<C> = {
  [K in keyof C as C[K] extends Method<never, unknown> ? K : never]: C[K] extends Method<infer Request, infer Response>
    ? (request: DeepPartial<Request>) => Promise<Response>
    : never;
};

/** The service as a whole: real Postgres, real gRPC, real tokens; the clock is the test's, and events are delivered by hand. */
export async function givenService<Service, Deps>(parts: ServiceParts<Service, Deps>): Promise<TestService<Deps>> {
  const issuer = await givenIssuer();
  const database = await givenDatabase(parts.name, parts.migrations);
  const clock = { now: new Date('2026-03-02T10:00:00.000Z') };
  const config = {
    DATABASE_URL: database.url,
    DATABASE_POOL_SIZE: 20,
    // Rules are proven here, not speed: a busy machine must not turn a wait into a refusal.
    DATABASE_WAIT_MS: 20_000,
    DATABASE_STATEMENT_MS: 60_000,
    KAFKA_BROKERS: undefined,
    BUS_DATABASE_URL: undefined,
    HOST: '127.0.0.1',
    GRPC_PORT: 0,
    OIDC_ISSUER: issuer.url,
    OIDC_AUDIENCE: 'openprm',
    OIDC_PRINCIPAL_CLAIM: 'email',
  };
  const log = logger(parts.name);
  log.level = process.env['LOG_LEVEL'] ?? 'fatal';
  const service = await startService(parts, config, log, { clock: () => clock.now, broker: null, timers: false });
  const clients = new Map<unknown, Client>();
  return {
    service,
    issuer,
    clock,
    databaseUrl: database.url,
    as: (type, email) => callsOf(clients, type as never, `127.0.0.1:${service.port}`, () => issuer.token(email)) as never,
    async deliver(codec, message) {
      const row = toOutboxRow(codec, message, { audience: [], now: clock.now, newId });
      const event = toReceivedEvent({ ...toMessage(row), partition: 0, offset: '0' });
      const handler = service.subscriptions.find((each) => each.types.includes(row.type));
      if (!handler) throw new Error(`${parts.name} does not subscribe to ${row.type}.`);
      await consumeOnce(service.database, 'test', event.id, (tx) => handler.handle(tx, event));
      service.callers.forget();
    },
    async outbox() {
      const rows = await run<{ type: string; key: string; audience: string[]; value: string }>(
        service.database,
        'select type, key, audience, value from outbox order by id',
      );
      return rows.map((row) => ({
        ...row,
        type: row.type.slice(row.type.lastIndexOf('.') + 1),
        value: JSON.parse(row.value) as Record<string, unknown>,
      }));
    },
    async stop() {
      for (const client of clients.values()) client.close();
      await service.stop();
      await issuer.stop();
      await database.drop();
    },
  };
}

/** Requests are given as far as they matter; what is missing has its default on the wire. */
function callsOf(
  clients: Map<unknown, Client>,
  type: new (...args: never[]) => Client,
  address: string,
  token: () => Promise<string>,
): object {
  const client = clients.get(type) ?? connect(type as never, address);
  clients.set(type, client);
  const { service } = type as unknown as { service: ServiceDefinition };
  return new Proxy(client, {
    get: (_target, name: string) => async (request: object) =>
      unary(client, service[name]!, toBytes(service[name]!.path, request), await token()),
  });
}

function unary(client: Client, method: ServiceDefinition[string], bytes: Buffer, token: string): Promise<unknown> {
  const send = (request: Buffer, metadata: Metadata, options: { deadline: Date }, callback: requestCallback<unknown>): unknown =>
    client.makeUnaryRequest(
      method.path,
      (each: Buffer) => each,
      method.responseDeserialize,
      request,
      metadata,
      options,
      callback as requestCallback<unknown>,
    );
  return call(client, send, bytes, { token, deadlineMs: 60_000 });
}

function toBytes(path: string, request: object): Buffer {
  const [, service = '', method = ''] = path.split('/');
  const { input } = registry()
    .getService(service)!
    .methods.find((each) => each.name === method)!;
  return Buffer.from(toBinary(input, fromJson(input, toJsonShape(request) as JsonValue, { registry: registry() })));
}

/** A generated message as proto3 JSON: dates as text, a field mask as one text, the member of a oneof under its own name. */
function toJsonShape(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (Array.isArray(value)) return value.map(toJsonShape);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => entryOf(key, item)));
}

function entryOf(key: string, item: unknown): [string, unknown][] {
  if (item === undefined) return [];
  if (key === 'updateMask') return [[key, (item as string[]).map(camel).join(',')]];
  const oneof = item as { $case?: string; value?: unknown } | null;
  return oneof && typeof oneof === 'object' && oneof.$case ? [[oneof.$case, toJsonShape(oneof.value)]] : [[key, toJsonShape(item)]];
}

const camel = (path: string): string => path.replaceAll(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
