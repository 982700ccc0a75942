// Real Kafka in a container, where Docker's engine answers.
import { createHash } from 'node:crypto';
import { readFrom, sizeOf, spawnLogged } from './log-file.mjs';
import { freePort } from './ports.mjs';
import { until } from './ready.mjs';
import { Refusal } from './refusal.mjs';
import { runTool } from './run-tool.mjs';
import { stages } from './tethered.mjs';

const image = 'apache/kafka:4.1.1';

/** Why Docker cannot run Kafka here; undefined when it can. */
export async function missingForDocker() {
  const asked = await runTool('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: 5000 }).catch(() => undefined);
  if (!asked) return 'no docker on the path';
  return asked.code === 0 ? undefined : "Docker's engine does not answer";
}

/** @param {{ dataDir: string, logFile: string, port?: number, say?: (line: string) => void, tether?: object, signal?: AbortSignal }} options */
export async function prepareDockerKafka({ dataDir, logFile, port, say = () => {}, tether, signal }) {
  await fetchImage({ say, tether, signal });
  const chosen = await freePort(port ?? 19092);
  const name = `openprm-kafka-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`;
  // The container of a starter that was killed.
  await runTool('docker', ['rm', '--force', name], { tether, signal });
  let logFrom = 0;
  return {
    name: 'kafka',
    stage: stages.broker,
    logFile,
    brokers: `127.0.0.1:${chosen}`,
    launch: () => {
      logFrom = sizeOf(logFile);
      return spawnLogged(
        'docker',
        [
          'run',
          '--rm',
          '--name',
          name,
          '-p',
          `127.0.0.1:${chosen}:${chosen}`,
          '-v',
          `${name}:/var/lib/kafka/data`,
          ...variables(chosen),
          image,
        ],
        { logFile },
      );
    },
    ready: (child, ended) => until(() => readFrom(logFile, logFrom).includes('Kafka Server started'), { ended, every: 100 }),
  };
}

async function fetchImage({ say, tether, signal }) {
  if ((await runTool('docker', ['image', 'inspect', image], { tether, signal })).code === 0) return;
  say(`Fetching ${image} (once) …`);
  const pulled = await runTool('docker', ['pull', '--quiet', image], { tether, signal });
  if (pulled.code !== 0) throw new Refusal(`Docker could not fetch ${image}: ${pulled.stderr.trim().split('\n').at(-1)}`);
}

function variables(port) {
  const configuration = {
    KAFKA_NODE_ID: 1,
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '1@127.0.0.1:9093',
    KAFKA_LISTENERS: `PLAINTEXT://0.0.0.0:${port},CONTROLLER://127.0.0.1:9093`,
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    KAFKA_INTER_BROKER_LISTENER_NAME: 'PLAINTEXT',
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_LOG_DIRS: '/var/lib/kafka/data',
    KAFKA_NUM_PARTITIONS: 6,
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1,
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 1,
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: 1,
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: 0,
    KAFKA_LOG_RETENTION_MS: -1,
    KAFKA_HEAP_OPTS: '-Xms128m -Xmx256m',
  };
  return Object.entries(configuration).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
}
