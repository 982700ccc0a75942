import { getOption, hasOption, type DescMessage, type FileRegistry } from '@bufbuild/protobuf';
import { describe, summarize } from './comments';
import { Schemas, type Schema } from './schemas';

interface EventOptions {
  topic: string;
  key: string;
  compacted: boolean;
}

interface Event extends EventOptions {
  message: DescMessage;
}

/** AsyncAPI 3.0 of every event in the contracts: a channel per topic, CloudEvents headers, JSON payload. */
export function makeAsyncApi(registry: FileRegistry): Schema {
  const schemas = new Schemas(registry, { describeRefs: false });
  const events = eventsOf(registry);
  const topics = [...new Set(events.map(({ topic }) => topic))].sort();
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'OpenPRM events',
      version: '1.0.0',
      description:
        'Domain events in Kafka, CloudEvents 1.0 in binary mode; the value is the proto3 JSON of the event message. Order holds per key. Delivery is at least once: `ce_id` tells a repeat.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(topics.map((topic) => [channelName(topic), toChannel(topic, events)])),
    operations: Object.fromEntries(topics.map((topic) => [`publish${toPascal(channelName(topic))}`, toOperation(topic)])),
    components: {
      messages: Object.fromEntries(events.map((event) => [event.message.typeName, toMessage(event, schemas)])),
      schemas: { CloudEventHeaders: HEADERS, ...schemas.components },
    },
  };
}

/** Every event in the contracts with its topic. */
export function eventsOf(registry: FileRegistry): Event[] {
  const extension = registry.getExtension('prm.options.v1.event');
  if (!extension) return [];
  return [...registry]
    .filter((desc) => desc.kind === 'message')
    .filter((message) => hasOption(message, extension))
    .map((message) => ({ message, ...(getOption(message, extension) as unknown as EventOptions) }))
    .sort((a, b) => (a.message.typeName < b.message.typeName ? -1 : 1));
}

function toChannel(topic: string, events: Event[]): Schema {
  const mine = events.filter((event) => event.topic === topic);
  return {
    address: topic,
    description: mine.some(({ compacted }) => compacted)
      ? 'Compacted: the newest event per key is kept, so reading from the beginning rebuilds the present state.'
      : 'Every event is kept: the whole life of a record can be read in order.',
    messages: Object.fromEntries(mine.map(({ message }) => [message.name, { $ref: `#/components/messages/${message.typeName}` }])),
    bindings: {
      kafka: {
        topic,
        topicConfiguration: { 'cleanup.policy': [mine.some(({ compacted }) => compacted) ? 'compact' : 'delete'] },
        bindingVersion: '0.5.0',
      },
    },
  };
}

function toOperation(topic: string): Schema {
  return { action: 'send', summary: `Publishes to ${topic}.`, channel: { $ref: `#/channels/${channelName(topic)}` } };
}

function toMessage({ message, key }: Event, schemas: Schemas): Schema {
  return {
    name: message.typeName,
    title: message.name,
    summary: summarize(message),
    description: describe(message),
    contentType: 'application/json',
    headers: { $ref: '#/components/schemas/CloudEventHeaders' },
    payload: schemas.message(message, 'answer'),
    bindings: { kafka: { key: { type: 'string', description: `\`${key}\` of the payload.` }, bindingVersion: '0.5.0' } },
  };
}

const HEADERS: Schema = {
  type: 'object',
  description: 'CloudEvents 1.0 attributes as Kafka headers.',
  properties: {
    ce_specversion: { type: 'string', const: '1.0' },
    ce_id: { type: 'string', format: 'uuid', description: 'The same for every delivery of the event.' },
    ce_type: { type: 'string', description: 'Full name of the event message.' },
    ce_source: { type: 'string', description: 'The publishing service.' },
    ce_subject: { type: 'string', description: 'Id of the record.' },
    ce_time: { type: 'string', format: 'date-time', description: 'When it happened.' },
    ce_audience: {
      type: 'string',
      description: 'Ids of the partners that may know of it, separated by commas; empty when only the enterprise may.',
    },
    traceparent: { type: 'string', description: 'W3C trace context of the request that caused it.' },
    'content-type': { type: 'string', const: 'application/json' },
  },
  required: ['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_subject', 'ce_time', 'content-type'],
};

const channelName = (topic: string) => topic.replace(/^prm\./, '').replaceAll('.', '-');
const toPascal = (name: string) => name.replace(/(^|[-.])([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
