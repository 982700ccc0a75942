/** Resolves after `ms`, or at once when the signal fires. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end, { once: true });
  });
}

/** The work, or a rejection when the signal fires first: turns its back on work that hangs. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let abandon = (): void => {};
  const abandoned = new Promise<never>((_, reject) => (abandon = () => reject(new Error('Stopped before the work was done.'))));
  signal.addEventListener('abort', abandon, { once: true });
  return Promise.race([work, abandoned]).finally(() => signal.removeEventListener('abort', abandon));
}

/** Growing pauses between attempts: 100 ms doubled up to `max`, with a random part so that many do not knock at once. */
export function backoff(attempt: number, max = 5_000): number {
  const full = Math.min(max, 100 * 2 ** Math.min(attempt, 16));
  return full / 2 + Math.random() * (full / 2);
}

/** A flag to wait for: a wake-up that comes between looking and waiting is kept, so none is lost. */
export class Waker {
  private pending = false;
  private release: (() => void) | undefined;

  wake(): void {
    this.pending = true;
    this.release?.();
  }

  /** Resolves at the next wake-up, after `ms`, or when the signal fires. */
  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    const early = new AbortController();
    const stop = (): void => early.abort();
    this.release = stop;
    signal?.addEventListener('abort', stop, { once: true });
    if (this.pending || signal?.aborted) stop();
    await pause(ms, early.signal);
    signal?.removeEventListener('abort', stop);
    this.release = undefined;
    this.pending = false;
  }
}
