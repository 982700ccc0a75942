// A person at the public REST API. Writes carry an idempotency key and are repeated while a service is away, as a good client does.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

const AWAY = new Set([429, 502, 503, 504]);
const GIVE_UP_AFTER = 30_000;

export class Refused extends Error {
  constructor(method, path, status, problem) {
    super(`${method} ${path}: ${status} ${problem.reason ?? ''} ${problem.detail ?? ''} ${JSON.stringify(problem.violations ?? [])}`);
    Object.assign(this, { status, problem });
  }
}

/**
 * @param {{ gateway: string, token: (email: string) => Promise<string> }} platform
 * @param {string} email
 */
export async function person(platform, email) {
  // A new person reaches the sandbox with the events of a platform that may just have started.
  const token = await eventually(() => platform.token(email), { seconds: 60 });
  const call = async (method, path, body) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(method !== 'GET' && { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
    };
    const request = { method, headers, ...(method !== 'GET' && { body: JSON.stringify(body ?? {}) }) };
    for (const until = Date.now() + GIVE_UP_AFTER; ; await pause(100)) {
      const answer = await fetch(`${platform.gateway}/v1/${path}`, { ...request, signal: AbortSignal.timeout(20_000) }).catch(() => null);
      if (answer && !AWAY.has(answer.status)) return read(answer, method, path);
      if (Date.now() > until)
        throw new Error(`${method} /v1/${path}: still ${answer?.status ?? 'no answer'} after ${GIVE_UP_AFTER / 1000} s`);
    }
  };
  return {
    email,
    token,
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    patch: (path, body) => call('PATCH', path, body),
    /** The refusal itself, where one is expected. */
    async refused(method, path, body) {
      const error = await call(method, path, body).then(
        () => null,
        (reason) => reason,
      );
      if (!(error instanceof Refused))
        throw new Error(`${method} /v1/${path} should have been refused, ${error ? `but: ${error.message}` : 'but went through'}`);
      return { status: error.status, ...error.problem };
    },
  };
}

async function read(answer, method, path) {
  const text = await answer.text();
  const value = text ? JSON.parse(text) : {};
  if (!answer.ok) throw new Refused(method, `/v1/${path}`, answer.status, value);
  return value;
}

/** What one service decided reaches the others within moments: tries again until it has, and says how long that took. */
export async function eventually(work, { seconds = 20 } = {}) {
  for (const until = Date.now() + seconds * 1_000; ; await pause(50)) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
}

export function expect(condition, sentence, seen) {
  if (!condition) throw new Error(`${sentence}${seen === undefined ? '' : `, seen: ${JSON.stringify(seen)}`}`);
}
