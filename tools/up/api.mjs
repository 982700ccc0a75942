// A small client of the public REST API, for one person.
import { setTimeout as pause } from 'node:timers/promises';

/** What the API refused, in one line. */
export class ApiError extends Error {
  constructor(method, path, status, problem) {
    const violations = (problem?.violations ?? problem?.fieldViolations ?? []).map(
      (one) => `${one.field}: ${one.description ?? one.message}`,
    );
    super(`${method} ${path} answered ${status}: ${[problem?.detail ?? problem?.title ?? 'no reason given', ...violations].join(' ')}`);
    this.status = status;
  }
}

/**
 * @param {{ gateway: string, token: (email: string) => Promise<string> }} platform
 * @returns {Promise<{ get: (path: string) => Promise<any>, post: (path: string, body?: object) => Promise<any> }>}
 */
export async function signIn(platform, email) {
  const token = await platform.token(email);
  async function call(method, path, body) {
    const answer = await fetch(`${platform.gateway}/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await answer.text();
    const value = text ? JSON.parse(text) : {};
    if (!answer.ok) throw new ApiError(method, `/v1/${path}`, answer.status, value);
    return value;
  }
  return { get: (path) => call('GET', path), post: (path, body = {}) => call('POST', path, body) };
}

/** What one service decided reaches the others within moments: tries again until it has. */
export async function eventually(work, { signal, seconds = 20 } = {}) {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (Date.now() > until) throw error;
    }
    await pause(150);
  }
}
