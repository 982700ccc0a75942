import type { Log } from '@openprm/telemetry';

/** Work that has to happen without anybody asking, e.g. the expiry of protections. */
export interface Timer {
  name: string;
  everyMs: number;
  /** Does what is due; copies of the service may do it at the same time. */
  work: () => Promise<unknown>;
}

/** Runs each timer again `everyMs` after it has ended; a failure is logged and the next run tries again. */
export function startTimers(timers: Timer[], log: Log): { stop(): Promise<void> } {
  let stopped = false;
  const waiting = new Set<() => void>();
  const loops = timers.map(async (timer) => {
    while (!stopped) {
      await timer.work().catch((error: unknown) => log.error({ error, timer: timer.name }, 'timer failed'));
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(handle);
          waiting.delete(wake);
          resolve();
        };
        const handle = setTimeout(wake, timer.everyMs);
        waiting.add(wake);
        if (stopped) wake();
      });
    }
  });
  return {
    async stop() {
      stopped = true;
      for (const wake of [...waiting]) wake();
      await Promise.all(loops);
    },
  };
}
