import { logger } from '@openprm/telemetry';
import { startIdentity } from './app';
import { loadConfig } from './config';

const STOP_WITHIN = 10_000;

async function main(): Promise<void> {
  const log = logger('identity');
  const running = await startIdentity(loadConfig(), log);
  log.info({ port: running.port }, 'identity is ready');
  const stop = (): void => {
    setTimeout(() => process.exit(1), STOP_WITHIN).unref();
    running.stop().then(() => process.exit(0), () => process.exit(1));
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exit(1);
});
