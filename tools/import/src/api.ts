import { setTimeout as pause } from 'node:timers/promises';

/** Why a service refused one field of an item. */
export interface Violation {
  field: string;
  reason: string;
  description: string;
}

/** The answer for one item of a batch, by the contract's `ImportResult`. */
export interface ItemResult {
  externalId: string;
  outcome: 'IMPORT_OUTCOME_CREATED' | 'IMPORT_OUTCOME_UNCHANGED' | 'IMPORT_OUTCOME_REFUSED';
  id: string;
  violations?: Violation[];
  notes?: string[];
}

export interface ApiOptions {
  gateway: string;
  /** Asked again when the platform no longer takes the last one. */
  token: () => Promise<string>;
  dryRun: boolean;
  /** How long a platform that is away is waited for, in milliseconds. */
  patienceMs?: number;
  /** How long items are repeated whose references the service has not heard of yet, in milliseconds. */
  newsMs?: number;
}

/** The platform said no, or stayed away for too long; one line for a person. */
export class PlatformError extends Error {}

const BATCH = 200;
const away = new Set([429, 502, 503, 504]);
/** Refusals of a service that has not heard of a record yet. */
const newsReasons = new Set([
  'UNKNOWN_PARTNER',
  'UNKNOWN_PERSON',
  'UNKNOWN_OWNER',
  'UNKNOWN_CUSTOMER',
  'UNKNOWN_PRODUCT',
  'UNKNOWN_QUOTE',
  'UNKNOWN_REFERENCE',
]);

/** The public REST API, as anybody could call it. */
export class Api {
  private token: Promise<string> | null = null;
  private readonly patienceMs: number;
  private readonly newsMs: number;

  constructor(private readonly options: ApiOptions) {
    this.patienceMs = options.patienceMs ?? 300_000;
    this.newsMs = options.newsMs ?? 60_000;
  }

  get<T>(path: string): Promise<T> {
    return this.request<T>('GET', path);
  }

  /**
   * Sends items to an import method and gives their results in order, whatever the shape of one result. An item that names a record
   * which was made elsewhere a moment ago is repeated until its news has arrived.
   */
  async importItems<R>(path: string, items: object[], resultOf: (result: R) => ItemResult): Promise<R[]> {
    const results: R[] = [];
    for (let start = 0; start < items.length; start += BATCH)
      results.push(...(await this.importBatch(path, items.slice(start, start + BATCH), resultOf)));
    return results;
  }

  private async importBatch<R>(path: string, items: object[], resultOf: (result: R) => ItemResult): Promise<R[]> {
    const results = await this.send<R>(path, items);
    const waits = (result: R): boolean => (resultOf(result).violations ?? []).some((each) => newsReasons.has(each.reason));
    for (const until = Date.now() + this.newsMs; !this.options.dryRun && Date.now() < until; await pause(250)) {
      const late = results.flatMap((result, index) => (waits(result) ? [index] : []));
      if (late.length === 0) return results;
      const repeated = await this.send<R>(
        path,
        late.map((index) => items[index]!),
      );
      repeated.forEach((result, place) => (results[late[place]!] = result));
    }
    return results;
  }

  /** A batch that takes longer than the platform allows is sent in halves. */
  private async send<R>(path: string, items: object[]): Promise<R[]> {
    try {
      const { results } = await this.request<{ results?: R[] }>(
        'POST',
        path,
        { items, validateOnly: this.options.dryRun },
        items.length > 1,
      );
      if (results?.length !== items.length)
        throw new PlatformError(`POST ${path} answered ${results?.length ?? 0} results for ${items.length} items.`);
      return results;
    } catch (error) {
      if (!(error instanceof TooLarge)) throw error;
      const half = Math.ceil(items.length / 2);
      return [...(await this.send<R>(path, items.slice(0, half))), ...(await this.send<R>(path, items.slice(half)))];
    }
  }

  private async request<T>(method: 'GET' | 'POST', path: string, body?: object, canSplit = false): Promise<T> {
    const until = Date.now() + this.patienceMs;
    for (let attempt = 0; ; attempt++) {
      const { status, value } = await this.once(method, path, body);
      if (status >= 200 && status < 300) return value as T;
      const problem = value as { reason?: string; detail?: string } | null;
      if (canSplit && (status === 413 || status === 504)) throw new TooLarge();
      if (status === 401 && attempt < 3) this.token = null;
      else if (status !== 0 && !away.has(status) && !(status === 409 && problem?.reason !== undefined && RETRIED.has(problem.reason))) {
        throw new PlatformError(`${method} ${path} was refused with ${status}: ${problem?.detail ?? problem?.reason ?? 'no reason given'}`);
      }
      if (Date.now() > until)
        throw new PlatformError(
          `The platform at ${this.options.gateway} has not answered ${method} ${path} for ${this.patienceMs / 1_000} s (last: ${status || problem?.detail}). Start it and run this again: what was taken stays.`,
        );
      await pause(Math.min(200 * 2 ** Math.min(attempt, 5), 5_000));
    }
  }

  /** Status 0 stands for no answer at all. */
  private async once(method: string, path: string, body?: object): Promise<{ status: number; value: unknown }> {
    try {
      this.token ??= this.options.token();
      const headers = { authorization: `Bearer ${await this.token}`, 'content-type': 'application/json' };
      const answer = await fetch(new URL(path, this.options.gateway), {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(90_000),
      });
      const text = await answer.text();
      return { status: answer.status, value: text.startsWith('{') ? JSON.parse(text) : { detail: text.slice(0, 300) } };
    } catch (error) {
      this.token = null;
      if (error instanceof PlatformError) throw error;
      const { cause, message } = error as Error & { cause?: { code?: string } };
      return { status: 0, value: { detail: cause?.code ?? message } };
    }
  }
}

const RETRIED = new Set(['STALE_VERSION', 'CONTENTION']);

class TooLarge extends Error {}
