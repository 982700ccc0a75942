import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { UsageError } from './arguments';
import type { FileMapping } from './mapping';
import { readRecords, type RawRecord } from './records';
import { Refusal } from './refusal';

/** A row by our names of its columns, or why it cannot be read. */
export interface Row {
  line: number;
  values: Record<string, string>;
  refusal: Refusal | null;
}

/** Rows of a file, one at a time. Throws a UsageError for a file without the mapping's columns. */
export async function* readRows(folder: string, mapping: FileMapping): AsyncGenerator<Row> {
  let header: string[] | null = null;
  for await (const record of readRecords(join(folder, mapping.file))) {
    if (header) yield toRow(record, header, mapping);
    else header = checkHeader(valuesOf(record), mapping);
  }
  if (!header) throw new UsageError(`${mapping.file} is empty.`);
}

/** A quote in the wrong place is part of its value, which then is refused by name. */
const valuesOf = ({ text }: RawRecord): string[] => (parse(text, { relax_column_count: true, relax_quotes: true }) as string[][])[0] ?? [];

function checkHeader(record: string[], mapping: FileMapping): string[] {
  const header = record.map((name) => name.trim());
  const missing = Object.values(mapping.columns).filter((column) => !header.includes(column));
  if (missing.length > 0)
    throw new UsageError(
      `${mapping.file} lacks the column ${missing.join(', ')}; it has ${header.join(', ')}. The mapping is in tools/import/mappings.`,
    );
  return header;
}

function toRow(raw: RawRecord, header: string[], mapping: FileMapping): Row {
  const { line, text } = raw;
  if (raw.broken) return refused(line, text, 'NOT_CSV', 'opens a quote that is not closed.');
  let record: string[];
  try {
    record = valuesOf(raw);
  } catch (error) {
    return refused(line, text, 'NOT_CSV', `is not readable as CSV: ${(error as Error).message}`);
  }
  const extra = record.slice(header.length).some((value) => value.trim() !== '');
  if (record.length < header.length || extra)
    return refused(line, text, 'WRONG_NUMBER_OF_COLUMNS', `has ${record.length} columns instead of ${header.length}.`);
  const values = Object.fromEntries(
    Object.entries(mapping.columns).map(([ours, column]) => [ours, record[header.indexOf(column)]!.trim()]),
  );
  const empty = mapping.required.find((name) => values[name] === '');
  return { line, values, refusal: empty ? new Refusal(mapping.columns[empty]!, '', 'MISSING', 'is empty.') : null };
}

const refused = (line: number, text: string, reason: string, why: string): Row => ({
  line,
  values: {},
  refusal: new Refusal('', text, reason, why),
});
