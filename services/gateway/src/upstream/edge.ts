import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { Breaker, RetryBudget } from './breaker';

export type Clock = () => number;

export interface Call {
  /** `/prm.partnerdirectory.v1.PartnerDirectoryService/GetPartner` */
  path: string;
  request: Uint8Array;
  bearer: string | undefined;
  traceparent: string;
  /** Epoch milliseconds. */
  deadline: number;
  /** True where a repeat cannot do harm: reads, and writes that carry a request id. */
  repeatable: boolean;
  signal?: AbortSignal;
}

const CHANNEL = {
  // The default of one second makes a restarted service look dead for as long.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 5_000,
  'grpc.enable_retries': 0,
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  'grpc.max_receive_message_length': 16 * 1024 * 1024,
};

/** A repeat waits this long for a connection, which bridges a service's restart; not longer, as its caller waits too. */
const REPEAT_MS = 300;

/** The way to one service: one connection, a ceiling on calls in flight, a breaker, and at most one retry. */
export class Edge {
  readonly #client: Client;
  readonly #breaker: Breaker;
  readonly #budget = new RetryBudget();
  #inFlight = 0;

  constructor(
    address: string,
    private readonly mostInFlight: number,
    private readonly now: Clock = Date.now,
  ) {
    this.#client = new Client(address, credentials.createInsecure(), CHANNEL);
    this.#breaker = new Breaker(now);
  }

  async call(call: Call): Promise<Uint8Array> {
    if (this.#inFlight >= this.mostInFlight || !this.#breaker.mayCall()) throw refusal(status.UNAVAILABLE, 'not called');
    this.#inFlight++;
    try {
      return await this.#callWithRetry(call);
    } finally {
      this.#inFlight--;
    }
  }

  close(): void {
    this.#client.close();
  }

  async #callWithRetry(call: Call): Promise<Uint8Array> {
    try {
      return await this.#once(call, call.deadline, false);
    } catch (error) {
      if (!call.repeatable || (error as ServiceError).code !== status.UNAVAILABLE || call.signal?.aborted || !this.#budget.take())
        throw error;
      return await this.#once(call, Math.min(call.deadline, this.now() + REPEAT_MS), true).catch((again: ServiceError) => {
        throw again.code === status.DEADLINE_EXCEEDED ? error : again;
      });
    }
  }

  #once({ path, request, bearer, traceparent, signal }: Call, deadline: number, waitForReady: boolean): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const metadata = toMetadata(bearer, traceparent, waitForReady);
      const unary = this.#client.makeUnaryRequest(path, asBuffer, asBytes, request, metadata, { deadline }, (error, answer) => {
        signal?.removeEventListener('abort', cancel);
        this.#record(error);
        if (error) reject(error);
        else resolve(answer!);
      });
      const cancel = () => unary.cancel();
      signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  /** A service that says no is well; only silence counts against it. */
  #record(error: ServiceError | null): void {
    if (error?.code === status.UNAVAILABLE || error?.code === status.DEADLINE_EXCEEDED) return this.#breaker.failed();
    if (error?.code === status.CANCELLED) return;
    this.#breaker.succeeded();
    if (!error) this.#budget.earn();
  }
}

function toMetadata(bearer: string | undefined, traceparent: string, waitForReady: boolean): Metadata {
  const metadata = new Metadata({ waitForReady });
  if (bearer) metadata.set('authorization', `Bearer ${bearer}`);
  metadata.set('traceparent', traceparent);
  return metadata;
}

export function refusal(code: status, details: string): ServiceError {
  return Object.assign(new Error(details), { code, details, metadata: new Metadata() });
}

const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const asBytes = (bytes: Buffer) => bytes;
