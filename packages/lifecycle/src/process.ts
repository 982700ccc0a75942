import { ConfigError } from '@openprm/config';
import { PrmError } from '@openprm/errors';
import { logger, stopTelemetry, type Log } from '@openprm/telemetry';

export interface Running {
  stop(): Promise<void>;
}

const STOP_WITHIN_MS = 9_000;

/**
 * Runs a process until it is told to stop. A start that fails leaves one line that names the cause and exit code 1; SIGTERM and
 * SIGINT stop in order and leave 0.
 */
export async function runProcess(name: string, start: (log: Log) => Promise<Running>): Promise<void> {
  const log = logger(name);
  process.on('unhandledRejection', (error) => end(log, error));
  process.on('uncaughtException', (error) => end(log, error));
  try {
    const running = await start(log);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(log, running));
  } catch (error) {
    // Faults of the set-up need their sentence, not a stack.
    if (error instanceof ConfigError || error instanceof PrmError || isConnectionFault(error))
      process.stderr.write(`${name}: ${(error as Error).message}\n`);
    else log.fatal({ error }, 'cannot start');
    process.exit(1);
  }
}

async function stop(log: Log, running: Running): Promise<void> {
  setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
  log.info('stopping');
  await running.stop();
  await stopTelemetry();
  process.exit(0);
}

function end(log: Log, error: unknown): void {
  log.fatal({ error }, 'unexpected error: the process ends');
  process.exit(1);
}

const isConnectionFault = (error: unknown): boolean =>
  /ECONNREFUSED|ENOTFOUND|EADDRINUSE|password authentication failed|does not exist/.test((error as Error).message ?? '');
