import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits; only the browser has it. */
export const newSessionId = (): string => randomBytes(32).toString('base64url');

export const hashId = (id: string): string => createHash('sha256').update(id).digest('base64url');

/** Seals with a key made from the session's id (AES-256-GCM: 12 bytes nonce, 16 bytes tag, text). */
export function seal(id: string, value: unknown): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyFrom(id, 'tokens'), nonce);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

export function unseal<T>(id: string, sealed: Buffer): T {
  const decipher = createDecipheriv('aes-256-gcm', keyFrom(id, 'tokens'), sealed.subarray(0, 12));
  decipher.setAuthTag(sealed.subarray(12, 28));
  return JSON.parse(Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8')) as T;
}

/** The token against forged requests follows from the session's id, so nothing needs to be stored for it. */
export const csrfTokenOf = (id: string): string => keyFrom(id, 'csrf').toString('base64url');

export function isCsrfTokenOf(id: string, given: string | undefined): boolean {
  const [expected, actual] = [Buffer.from(csrfTokenOf(id)), Buffer.from(given ?? '')];
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function keyFrom(id: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', id, '', `openprm-session-${purpose}`, 32));
}
