import { status } from '@grpc/grpc-js';
import { Edge, refusal, type Call } from './edge';

/** The services behind the gateway, found by proto package. */
export class Edges {
  readonly #byPackage: Map<string, Edge>;

  /** @param addresses proto package -> `host:port` or any gRPC target */
  constructor(addresses: Record<string, string>, mostInFlight: number) {
    this.#byPackage = new Map(Object.entries(addresses).map(([name, address]) => [name, new Edge(address, mostInFlight)]));
  }

  async call(call: Call): Promise<Uint8Array> {
    const protoPackage = call.path.slice(1, call.path.lastIndexOf('.'));
    const edge = this.#byPackage.get(protoPackage);
    if (!edge) throw refusal(status.UNAVAILABLE, `no address for ${protoPackage}`);
    return edge.call(call);
  }

  close(): void {
    for (const edge of this.#byPackage.values()) edge.close();
  }
}
