import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import type { Refusal } from './refusal';

export const outcomes = ['created', 'unchanged', 'refused', 'incomplete'] as const;
export type Outcome = (typeof outcomes)[number];

export interface Place {
  file: string;
  line: number;
  /** The row's own key, e.g. its opportunity id or name. */
  key: string;
}

export type Tally = Record<Outcome, number> & { rows: number };

const columns = ['file', 'line', 'key', 'outcome', 'column', 'value', 'reason', 'text'];

/** Counts what became of every row, and writes it down where a file is wanted. */
export class Report {
  readonly tallies = new Map<string, Tally>();
  readonly refusals = new Map<string, number>();
  readonly notes = new Map<string, { place: Place; column: string; value: string; reason: string; text: string; rows: number }>();
  private readonly file: WriteStream | null;
  conflicts = 0;

  /** @param files in the order in which the summary tells them */
  constructor(path: string | null, files: string[] = []) {
    for (const file of files) this.tally(file);
    this.file = path === null ? null : createWriteStream(path);
    this.write(columns);
  }

  /** Fails early when the file cannot be written. */
  async open(): Promise<void> {
    if (this.file) await once(this.file, 'open');
  }

  row(place: Place, outcome: Outcome, why: { column?: string; value?: string; reason?: string; text?: string } = {}): void {
    const tally = this.tally(place.file);
    tally.rows += 1;
    tally[outcome] += 1;
    this.write([place.file, String(place.line), place.key, outcome, why.column ?? '', why.value ?? '', why.reason ?? '', why.text ?? '']);
  }

  refuse(place: Place, { column, value, reason, message }: Refusal): void {
    const kind = `${place.file}${column && `, ${column}`}: ${reason}`;
    this.refusals.set(kind, (this.refusals.get(kind) ?? 0) + 1);
    this.row(place, 'refused', { column, value, reason, text: message });
  }

  /** Something to know about a row that was taken. */
  conflict(place: Place, text: string): void {
    this.conflicts += 1;
    this.write([place.file, String(place.line), place.key, 'note', '', '', 'CONFLICT', text]);
  }

  /** A value that was read as another one; told once, with the number of its rows. */
  adjusted(place: Place, column: string, value: string, read: string, reason: 'MATCHED' | 'CORRECTED'): void {
    const key = `${place.file}\n${column}\n${value}`;
    const note = this.notes.get(key) ?? { place, column, value, reason, text: `read as ${read}`, rows: 0 };
    note.rows += 1;
    this.notes.set(key, note);
  }

  async close(): Promise<void> {
    for (const { place, column, value, reason, text, rows } of this.notes.values()) {
      this.write([place.file, String(place.line), '', 'note', column, value, reason, `${text} in ${rows} rows, here first`]);
    }
    if (!this.file) return;
    this.file.end();
    await once(this.file, 'close');
  }

  tally(file: string): Tally {
    const tally = this.tallies.get(file) ?? { rows: 0, created: 0, unchanged: 0, refused: 0, incomplete: 0 };
    this.tallies.set(file, tally);
    return tally;
  }

  private write(cells: string[]): void {
    this.file?.write(`${cells.map(toCell).join(',')}\n`);
  }
}

/** Quoted where it has to be; a text that a spreadsheet would calculate is shown instead. */
function toCell(text: string): string {
  const safe = /^[=+@\t\r]|^-(?!\d)/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
