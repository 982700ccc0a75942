/** JSON in which bigints are decimal strings (Postgres reads them into bigint columns) and dates are ISO text. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? item.toString() : item));
