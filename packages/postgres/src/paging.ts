import { invalid } from '@openprm/errors';

/** A page of records. `nextPageToken` is empty on the last. */
export interface Page<T> {
  items: T[];
  nextPageToken: string;
}

export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

export const pageSize = (asked: number): number => Math.min(asked || DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);

/** Place after which a page starts: the sort key (a time) and the id of the last record of the page before. */
export interface Cursor {
  time: Date;
  id: string;
}

export const encodeCursor = (cursor: Cursor): string => Buffer.from(`${cursor.time.toISOString()} ${cursor.id}`).toString('base64url');

/** A token says where to go on, never what may be seen; a forged one gains nothing. */
export function decodeCursor(token: string): Cursor | null {
  if (token === '') return null;
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z) ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/.exec(
    Buffer.from(token, 'base64url').toString('utf8'),
  );
  const time = new Date(match?.[1] ?? Number.NaN);
  if (!match || Number.isNaN(time.getTime()))
    throw invalid('page_token', 'is not a token of an earlier page: leave it empty for the first page.', 'BAD_PAGE_TOKEN');
  return { time, id: match[2]! };
}

/** Cuts one row more than the page holds into the page and its token. */
export function toPage<T extends Cursor>(rows: T[], size: number): Page<T> {
  const items = rows.slice(0, size);
  const last = items.at(-1);
  return { items, nextPageToken: rows.length > size && last ? encodeCursor(last) : '' };
}
