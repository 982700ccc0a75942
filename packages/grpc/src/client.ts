import { credentials, Metadata, type Client, type ClientOptions, type requestCallback } from '@grpc/grpc-js';
import { fromServiceError } from './status';

const OPTIONS: ClientOptions = {
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 5_000,
  // The default of a second made an outage three times as long as it was.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
};

type ClientClass<C extends Client> = new (
  address: string,
  creds: ReturnType<typeof credentials.createInsecure>,
  options: ClientOptions,
) => C;

/** A client of one service, e.g. `connect(OrderServiceClient, 'localhost:9000')`. */
export const connect = <C extends Client>(type: ClientClass<C>, address: string): C =>
  new type(address, credentials.createInsecure(), OPTIONS);

type UnaryMethod<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: { deadline: Date },
  callback: requestCallback<Response>,
) => unknown;

/** Calls one method and answers with its message, or throws the PrmError the service meant. */
export function call<Request, Response>(
  client: Client,
  method: UnaryMethod<Request, Response>,
  request: Request,
  options: { token?: string; deadlineMs?: number } = {},
): Promise<Response> {
  const metadata = new Metadata();
  if (options.token) metadata.set('authorization', `Bearer ${options.token}`);
  const deadline = new Date(Date.now() + (options.deadlineMs ?? 3_000));
  return new Promise((resolve, reject) => {
    method.call(client, request, metadata, { deadline }, (error, response) =>
      error ? reject(fromServiceError(error)) : resolve(response as Response),
    );
  });
}
