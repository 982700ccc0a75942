import {
  create,
  fromBinary,
  fromJson,
  toBinary,
  type DescMethod,
  type DescService,
  type FileRegistry,
  type JsonValue,
  type Message,
} from '@bufbuild/protobuf';
import { Metadata, Server, ServerCredentials, status, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';

export interface Seen {
  request: Record<string, unknown>;
  metadata: Metadata;
  deadline: number;
}

/** Answers one RPC: JSON of the answer, or throws `refused(...)`. */
export type Answer = (seen: Seen) => JsonValue | Promise<JsonValue>;

export interface StubServer {
  address: string;
  calls: { rpc: string; seen: Seen }[];
  stop(): Promise<void>;
}

/** A real gRPC server that speaks every service of the registry and answers as told; the neighbour of the gateway. */
export async function givenServices(registry: FileRegistry, answers: Record<string, Answer>, address = '127.0.0.1:0'): Promise<StubServer> {
  const server = new Server();
  const calls: StubServer['calls'] = [];
  for (const service of registry) {
    if (service.kind === 'service' && service.typeName.startsWith('prm.')) addStub(server, service, answers, calls);
  }
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  return { address: `127.0.0.1:${port}`, calls, stop: async () => server.forceShutdown() };
}

function addStub(server: Server, service: DescService, answers: Record<string, Answer>, calls: StubServer['calls']): void {
  const definition = Object.fromEntries(service.methods.map((rpc) => [rpc.name, toDefinition(service, rpc)]));
  const handlers = Object.fromEntries(service.methods.map((rpc) => [rpc.name, toHandler(rpc, answers[rpc.name], calls)]));
  server.addService(definition, handlers);
}

function toDefinition(service: DescService, rpc: DescMethod) {
  return {
    path: `/${service.typeName}/${rpc.name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: (message: Message) => Buffer.from(toBinary(rpc.input, message)),
    requestDeserialize: (bytes: Buffer) => fromBinary(rpc.input, bytes),
    responseSerialize: (message: Message) => Buffer.from(toBinary(rpc.output, message)),
    responseDeserialize: (bytes: Buffer) => fromBinary(rpc.output, bytes),
  };
}

function toHandler(rpc: DescMethod, answer: Answer | undefined, calls: StubServer['calls']) {
  return (call: ServerUnaryCall<Message, Message>, done: sendUnaryData<Message>) => {
    const seen = {
      request: call.request as unknown as Record<string, unknown>,
      metadata: call.metadata,
      deadline: Number(call.getDeadline()),
    };
    calls.push({ rpc: rpc.name, seen });
    if (!answer) return done({ code: status.UNIMPLEMENTED, details: rpc.name });
    Promise.resolve()
      .then(() => answer(seen))
      .then(
        (json) => done(null, fromJson(rpc.output, json)),
        (error: Error) => done(error),
      );
  };
}

interface Refusal {
  reason?: string;
  metadata?: Record<string, string>;
  violations?: { field: string; description: string }[];
}

/** The error a service answers with, details and all. */
export function refused(registry: FileRegistry, code: status, details: string, { reason, metadata = {}, violations }: Refusal = {}): Error {
  const any = (name: string, value: object) => {
    const type = registry.getMessage(name)!;
    return { typeUrl: `type.googleapis.com/${name}`, value: toBinary(type, create(type, value as never)) };
  };
  const list = [
    ...(reason ? [any('google.rpc.ErrorInfo', { reason, domain: 'prm', metadata })] : []),
    ...(violations
      ? [
          any('google.rpc.BadRequest', {
            fieldViolations: violations.map((each) => create(registry.getMessage('google.rpc.BadRequest.FieldViolation')!, each as never)),
          }),
        ]
      : []),
  ];
  const statusType = registry.getMessage('google.rpc.Status')!;
  const anyType = registry.getMessage('google.protobuf.Any')!;
  const trailers = new Metadata();
  const message = create(statusType, { code, message: details, details: list.map((each) => create(anyType, each as never)) } as never);
  trailers.set('grpc-status-details-bin', Buffer.from(toBinary(statusType, message)));
  return Object.assign(new Error(details), { code, details, metadata: trailers });
}
