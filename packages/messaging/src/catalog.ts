import { getOption, type DescField, type DescMessage, type Message } from '@bufbuild/protobuf';
import { registry } from '@openprm/contracts';

/** Where events of one type are published. `keyPath` leads through the event's JSON to the Kafka key. */
export interface EventType {
  type: string;
  topic: string;
  compacted: boolean;
  keyPath: string[];
  message: DescMessage;
}

export interface Topic {
  topic: string;
  /** Keeps the newest event per key only; otherwise everything for ever. */
  compacted: boolean;
  types: string[];
}

let known: Map<string, EventType> | undefined;

/** Every message of the contracts that is marked as an event. */
export const eventTypes = (): EventType[] => [...catalog().values()];

/** The event of that full name; throws for a message that is none. */
export function eventType(type: string): EventType {
  const found = catalog().get(type);
  if (!found) throw new Error(`${type} is not an event: it lacks the option prm.options.v1.event.`);
  return found;
}

/** Every topic with what it carries. */
export function topics(): Topic[] {
  return [...Map.groupBy(eventTypes(), (event) => event.topic)].map(([topic, events]) => ({
    topic,
    compacted: events.every((event) => event.compacted),
    types: events.map((event) => event.type),
  }));
}

function catalog(): Map<string, EventType> {
  known ??= new Map(readCatalog().map((event) => [event.type, event]));
  return known;
}

function readCatalog(): EventType[] {
  const all = registry();
  const option = all.getExtension('prm.options.v1.event');
  if (!option) throw new Error('The contracts lack prm/options/v1/options.proto.');
  return [...all].flatMap((each) => {
    if (each.kind !== 'message') return [];
    const { topic, key, compacted } = getOption(each, option) as Message & { topic: string; key: string; compacted: boolean };
    return topic ? [{ type: each.typeName, topic, compacted, keyPath: jsonPath(each, key), message: each }] : [];
  });
}

/** `staff_member.id` as it is spelled in JSON. */
function jsonPath(message: DescMessage, path: string): string[] {
  let current: DescMessage | undefined = message;
  return path.split('.').map((name) => {
    const field: DescField | undefined = current?.fields.find((each) => each.name === name);
    if (!field) throw new Error(`The key ${path} of ${message.typeName} names no field.`);
    current = field.message;
    return field.jsonName;
  });
}
