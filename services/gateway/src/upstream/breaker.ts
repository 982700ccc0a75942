import type { Clock } from './edge';

const OPENS_AFTER = 10;
const STAYS_OPEN_MS = 1_000;

/**
 * Stops calling a service that failed ten times in a row, so that its callers are refused in microseconds instead of at their
 * deadline. After a second one call is let through to try.
 */
export class Breaker {
  #failures = 0;
  #retryAt = 0;

  constructor(private readonly now: Clock) {}

  mayCall(): boolean {
    if (this.#failures < OPENS_AFTER) return true;
    if (this.now() < this.#retryAt) return false;
    this.#retryAt = this.now() + STAYS_OPEN_MS;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  failed(): void {
    this.#failures++;
    if (this.#failures >= OPENS_AFTER) this.#retryAt = this.now() + STAYS_OPEN_MS;
  }
}

/** One retry for every ten successes, and a few to begin with: retries must not multiply the load on a service that is down. */
export class RetryBudget {
  #tokens = 10;

  take(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  earn(): void {
    this.#tokens = Math.min(10, this.#tokens + 0.1);
  }
}
