/** Only the fields that an update's mask names (snake_case paths); an absent or empty mask means all. */
export function masked<T extends object>(fields: T, paths: string[] | undefined): Partial<T> {
  if (!paths || paths.length === 0) return fields;
  const names = new Set(paths.map((path) => camel(path.split('.')[0]!)));
  return Object.fromEntries(Object.entries(fields).filter(([name]) => names.has(name))) as Partial<T>;
}

const camel = (name: string): string => name.replaceAll(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
