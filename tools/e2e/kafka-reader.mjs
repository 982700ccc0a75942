// Reads topics as an integrator would: a stock client, nothing of ours.
import { randomUUID } from 'node:crypto';
import kafkajs from 'kafkajs';

const { Kafka, logLevel } = kafkajs;

export const stockClient = (brokers) => new Kafka({ clientId: 'integrator', brokers: brokers.split(','), logLevel: logLevel.NOTHING });

/** Everything that the topics hold at this moment, in the order of each partition. */
export async function readTopics(brokers, topics) {
  const kafka = stockClient(brokers);
  const missing = await endsOf(kafka, topics);
  const messages = [];
  if (missing.size === 0) return messages;
  const consumer = kafka.consumer({ groupId: `integrator-${randomUUID()}` });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics, fromBeginning: true });
    await new Promise((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      const eachBatch = async ({ batch }) => {
        messages.push(...batch.messages.map((message) => toPlain(batch, message)));
        const place = `${batch.topic} ${batch.partition}`;
        if (BigInt(batch.lastOffset()) + 1n >= (missing.get(place) ?? 0n)) missing.delete(place);
        if (missing.size === 0) resolve();
      };
      consumer.run({ eachBatch }).catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return messages;
}

/** Where each partition that holds something ends. */
async function endsOf(kafka, topics) {
  const admin = kafka.admin();
  await admin.connect();
  const ends = new Map();
  try {
    for (const topic of topics) {
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic))
        if (high !== low) ends.set(`${topic} ${partition}`, BigInt(high));
    }
  } finally {
    await admin.disconnect();
  }
  return ends;
}

const toPlain = ({ topic, partition }, { key, headers, value, offset, timestamp }) => ({
  topic,
  partition,
  offset,
  timestamp,
  key: key?.toString() ?? null,
  headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, each]) => [name, each.toString()])),
  value: value === null ? null : JSON.parse(value.toString()),
});
