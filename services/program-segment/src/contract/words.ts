/** Enum values as the domain and the database write them: the short words. */

type Short<E> = Exclude<keyof E, 'UNSPECIFIED' | 'UNRECOGNIZED'>;

/** The short word of an enum value; undefined for UNSPECIFIED. */
export function word<E extends Record<string, string>>(type: E, value: string): Short<E> | undefined {
  const key = Object.keys(type).find((each) => type[each] === value);
  return key === undefined || key === 'UNSPECIFIED' || key === 'UNRECOGNIZED' ? undefined : (key as Short<E>);
}

export const words = <E extends Record<string, string>>(type: E, values: string[]): Short<E>[] =>
  values.flatMap((value) => word(type, value) ?? []);
