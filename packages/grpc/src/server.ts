import { Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { bind, type Binding } from './bind';
import type { Handlers, Policy } from './handlers';
import { addReflection } from './reflection';

export interface ServerOptions<Service> extends Binding {
  /** Generated `XService` constant. */
  definition: object;
  handlers: Handlers<Service>;
  policy: Policy<Service>;
  host: string;
  port: number;
}

export interface RunningServer {
  port: number;
  /** What the health service says; NOT_SERVING until told otherwise. */
  setServing(serving: boolean): void;
  /** Lets running calls end; cuts them off after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

const LIMITS = {
  'grpc.max_receive_message_length': 1024 * 1024,
  'grpc.max_concurrent_streams': 1_000,
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 5_000,
  'grpc.max_connection_age_ms': 10 * 60_000,
  'grpc.max_connection_age_grace_ms': 20_000,
};

/** A gRPC server with the service, health and reflection; every call is verified, allowed and validated before its handler. */
export async function startServer<Service>(options: ServerOptions<Service>): Promise<RunningServer> {
  const server = new Server(LIMITS);
  server.addService(...bind(options, options.definition, options.handlers, options.policy));
  const health = new HealthImplementation({ '': 'NOT_SERVING' });
  health.addToServer(server);
  addReflection(server, servicesOf(options.definition));
  const port = await listen(server, `${options.host}:${options.port}`);
  return {
    port,
    setServing: (serving) => health.setStatus('', serving ? 'SERVING' : 'NOT_SERVING'),
    stop: (graceMs) => stop(server, graceMs),
  };
}

/** `/prm.order.v1.OrderService/GetOrder` belongs to prm.order.v1.OrderService. */
const servicesOf = (definition: object): string[] => [
  ...new Set(Object.values(definition as ServiceDefinition).map((method) => method.path.split('/')[1]!)),
];

const listen = (server: Server, address: string): Promise<number> =>
  new Promise((resolve, reject) =>
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port))),
  );

const stop = (server: Server, graceMs: number): Promise<void> =>
  new Promise((resolve) => {
    const force = setTimeout(() => server.forceShutdown(), graceMs);
    server.tryShutdown(() => {
      clearTimeout(force);
      resolve();
    });
  });
