/** The short word of a generated enum's value (`DEAL_STATE_DRAFT` is `DRAFT`); undefined for UNSPECIFIED and for what is not known here. */
export function word<E extends Record<string, string>>(
  type: E,
  value: string,
): Exclude<keyof E, 'UNSPECIFIED' | 'UNRECOGNIZED'> | undefined {
  const key = Object.keys(type).find((each) => type[each] === value);
  return key === undefined || key === 'UNSPECIFIED' || key === 'UNRECOGNIZED'
    ? undefined
    : (key as Exclude<keyof E, 'UNSPECIFIED' | 'UNRECOGNIZED'>);
}

/** Short words of several values; unknown ones are left out. */
export const words = <E extends Record<string, string>>(type: E, values: string[]): Exclude<keyof E, 'UNSPECIFIED' | 'UNRECOGNIZED'>[] =>
  values.flatMap((value) => word(type, value) ?? []);
