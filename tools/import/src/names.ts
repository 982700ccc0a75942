import { Refusal } from './refusal';
import type { Place, Report } from './report';
import { keyOf } from './values';

/** Records of a file by their name. A name that differs in blanks or letter case finds its record, and the report says so. */
export class Names<T> {
  private readonly records = new Map<string, { name: string; line: number; record: T }>();

  constructor(
    private readonly what: string,
    private readonly file: string,
  ) {}

  /** Refuses a second record of the same name. */
  add(column: string, name: string, line: number, record: T): void {
    const found = this.records.get(keyOf(name));
    if (found) throw new Refusal(column, name, 'DUPLICATE', `is the same as ${found.name} in line ${found.line}.`);
    this.records.set(keyOf(name), { name, line, record });
  }

  find(report: Report, place: Place, column: string, value: string): T {
    const found = this.records.get(keyOf(value));
    if (!found)
      throw new Refusal(
        column,
        value,
        `UNKNOWN_${this.what.toUpperCase().replaceAll(' ', '_')}`,
        `is not a ${this.what} of ${this.file}, or was refused there.`,
      );
    if (found.name !== value) report.adjusted(place, column, value, found.name, 'MATCHED');
    return found.record;
  }

  remove(name: string): void {
    this.records.delete(keyOf(name));
  }

  values(): T[] {
    return [...this.records.values()].map((each) => each.record);
  }
}

/** The value as the mapping corrects it. */
export function corrected(
  report: Report,
  place: Place,
  corrections: Record<string, string> | undefined,
  column: string,
  value: string,
): string {
  const better = corrections?.[value];
  if (better === undefined) return value;
  report.adjusted(place, column, value, better, 'CORRECTED');
  return better;
}
