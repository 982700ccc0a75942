import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real Kafka of the test's own, for as long as the file runs. */
export interface KafkaServer {
  brokers: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Why there can be no Kafka here; undefined when there can. */
export function whyNoKafka(): string | undefined {
  for (const [command, flag] of [
    ['java', '-version'],
    ['mvn', '-v'],
  ] as const) {
    try {
      execFileSync(command, [flag], { stdio: 'ignore' });
    } catch {
      return `${command} is not on the path`;
    }
  }
  return undefined;
}

export async function startKafka(): Promise<KafkaServer> {
  // @ts-expect-error -- a program in plain JavaScript
  const { prepareKafka } = await import('../../../../tools/up/kafka.mjs');
  // @ts-expect-error -- a program in plain JavaScript
  const { startTether } = await import('../../../../tools/up/tethered.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'kafka-test-'));
  const tether = startTether();
  const kafka = await prepareKafka({ dataDir: join(folder, 'kafka'), logFile: join(folder, 'kafka.log'), tether });
  let child: ReturnType<typeof kafka.launch>;

  async function start(): Promise<void> {
    child = kafka.launch();
    tether.hold(child.pid, kafka.stage);
    await kafka.ready(child, () => child.exitCode !== null || child.signalCode !== null);
  }

  async function kill(): Promise<void> {
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
    tether.letGo(child.pid);
  }

  async function stop(): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) await kill();
    tether.release();
    rmSync(folder, { recursive: true, force: true });
  }

  await start();
  return { brokers: kafka.brokers, start, kill, stop };
}
