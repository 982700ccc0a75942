import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { parse, type CsvError } from 'csv-parse';
import { UsageError } from './arguments';
import type { FileMapping } from './mapping';
import { Refusal } from './refusal';

/** A row by our names of its columns, or why it cannot be read. */
export interface Row {
  line: number;
  values: Record<string, string>;
  refusal: Refusal | null;
}

interface Parsed {
  record: string[];
  info: { lines: number };
}

/** Rows of a file, one at a time. Throws a UsageError for a file without the mapping's columns. */
export async function* readRows(folder: string, mapping: FileMapping): AsyncGenerator<Row> {
  const skipped: Row[] = [];
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    // A quote in the wrong place is part of a value that then is refused by name, not a reason to lose the rows after it.
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: 1024 * 1024,
  });
  parser.on('skip', (error: CsvError) => skipped.push(unreadable(error)));
  const file = createReadStream(join(folder, mapping.file));
  file.on('error', (error) => parser.destroy(error));
  file.pipe(parser);
  let header: string[] | null = null;
  for await (const { record, info } of parser as AsyncIterable<Parsed>) {
    yield* skipped.splice(0);
    if (header) yield toRow(record, info.lines, header, mapping);
    else header = checkHeader(record, mapping);
  }
  yield* skipped;
  if (!header) throw new UsageError(`${mapping.file} is empty.`);
}

function checkHeader(record: string[], mapping: FileMapping): string[] {
  const header = record.map((name) => name.trim());
  const missing = Object.values(mapping.columns).filter((column) => !header.includes(column));
  if (missing.length > 0)
    throw new UsageError(
      `${mapping.file} lacks the column ${missing.join(', ')}; it has ${header.join(', ')}. The mapping is in tools/import/mappings.`,
    );
  return header;
}

function toRow(record: string[], line: number, header: string[], mapping: FileMapping): Row {
  const extra = record.slice(header.length).some((value) => value.trim() !== '');
  if (record.length < header.length || extra) {
    const refusal = new Refusal(
      '',
      record.join(','),
      'WRONG_NUMBER_OF_COLUMNS',
      `has ${record.length} columns instead of ${header.length}.`,
    );
    return { line, values: {}, refusal };
  }
  const values = Object.fromEntries(
    Object.entries(mapping.columns).map(([ours, column]) => [ours, record[header.indexOf(column)]!.trim()]),
  );
  const empty = mapping.required.find((name) => values[name] === '');
  const refusal = empty ? new Refusal(mapping.columns[empty]!, '', 'MISSING', 'is empty.') : null;
  return { line, values, refusal };
}

const unreadable = (error: CsvError): Row => ({
  line: Number(error['lines'] ?? 0),
  values: {},
  refusal: new Refusal('', '', 'NOT_CSV', `is not readable as CSV: ${error.message}`),
});
