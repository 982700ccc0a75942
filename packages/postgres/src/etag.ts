import { aborted } from '@openprm/errors';

/** Refuses a write based on a version that is no longer the newest; an empty etag accepts any. */
export function checkEtag(record: { version: number }, etag: string): void {
  if (etag !== '' && etag.replaceAll('"', '') !== String(record.version)) throw aborted();
}
