import { missingForDocker, prepareDockerKafka } from './docker-kafka.mjs';
import { missingForKafka, prepareKafka } from './kafka.mjs';
import { portAnswers } from './ready.mjs';
import { Refusal } from './refusal.mjs';

const kinds = {
  docker: { label: 'Kafka in Docker', missing: missingForDocker, prepare: prepareDockerKafka },
  java: { label: 'Kafka on Java', missing: missingForKafka, prepare: prepareKafka },
};

/**
 * Finds the broker: Kafka of one's own, else real Kafka in Docker or on Java, else the bus on Postgres.
 * @param {{ wish: 'auto' | 'docker' | 'java' | 'embedded', kafkaBrokers?: string, prepare: object, say: (line: string) => void }} options
 * @returns {Promise<{ kind: 'kafka', label: string, kafkaBrokers: string, part?: object } | { kind: 'embedded', label: string }>}
 */
export async function chooseBroker({ wish, kafkaBrokers, say, ...tools }) {
  if (kafkaBrokers) return ownKafka(kafkaBrokers);
  const reasons = [];
  for (const [name, kind] of Object.entries(kinds)) {
    if (wish !== 'auto' && wish !== name) continue;
    const { part, reason } = await tryKind(kind, { say, ...tools });
    if (part) return { kind: 'kafka', label: kind.label, kafkaBrokers: part.brokers, part };
    reasons.push(reason);
  }
  if (wish === 'docker' || wish === 'java')
    throw new Refusal(`PRM_BROKER=${wish} cannot be had: ${reasons[0]}. Mend that, or choose PRM_BROKER=embedded.`);
  return { kind: 'embedded', label: `embedded bus on PostgreSQL${reasons.length ? ` (no Kafka: ${reasons.join('; ')})` : ''}` };
}

async function tryKind(kind, tools) {
  const missing = await kind.missing();
  if (missing) return { reason: missing };
  try {
    return { part: await kind.prepare(tools) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { reason: error.message };
  }
}

async function ownKafka(kafkaBrokers) {
  const addresses = kafkaBrokers.split(',').map((one) => one.split(':'));
  const answers = await Promise.all(addresses.map(([host, port]) => portAnswers(host, Number(port))));
  if (!answers.some(Boolean)) {
    throw new Refusal(
      `KAFKA_BROKERS=${kafkaBrokers} does not answer: start that broker, correct the address, or leave KAFKA_BROKERS out to use a local one.`,
    );
  }
  return { kind: 'kafka', label: 'Kafka of your own (KAFKA_BROKERS)', kafkaBrokers };
}
