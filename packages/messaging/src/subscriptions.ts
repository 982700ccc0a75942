import type { Tx } from '@openprm/postgres';
import type { ReceivedEvent } from './cloud-event';
import { eventType } from './catalog';
import type { Codec } from './outbox-row';

/** What a consumer does with an event of certain types. */
export interface EventHandler {
  types: string[];
  handle(tx: Tx, event: ReceivedEvent): Promise<void>;
}

/** The value is not an event of the type that its header names. */
export class UndecodableError extends Error {
  constructor(type: string, cause: unknown) {
    super(`Not a readable ${type}: ${cause instanceof Error ? cause.message : String(cause)}`);
    this.name = 'UndecodableError';
  }
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a list of codecs of different messages
type AnyCodec = Codec<any>;
type MessageOf<C> = C extends { fromJSON(object: never): infer T } ? T : never;

/** Subscribes to one event type or to several that are treated alike; types that are no events are refused at start. */
export function on<C extends AnyCodec>(
  codec: C | readonly C[],
  handle: (tx: Tx, message: MessageOf<C>, event: ReceivedEvent) => Promise<void>,
): EventHandler {
  const codecs = new Map([codec].flat().map((each) => [each.$type, each as AnyCodec]));
  for (const type of codecs.keys()) eventType(type);
  return {
    types: [...codecs.keys()],
    handle: (tx, event) => handle(tx, decode(codecs.get(event.type)!, event) as MessageOf<C>, event),
  };
}

function decode(codec: AnyCodec, event: ReceivedEvent): unknown {
  let json: unknown;
  try {
    json = JSON.parse(event.message.value ?? '');
    if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Error('an object is expected');
    return codec.fromJSON(json);
  } catch (error) {
    throw new UndecodableError(event.type, error);
  }
}
