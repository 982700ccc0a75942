import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** One record of a CSV file as it stands there, with the line on which it begins. */
export interface RawRecord {
  line: number;
  text: string;
  /** True when it opens a quote that is not closed within reach. */
  broken: boolean;
}

/** A value over more lines than these is taken for a forgotten quote: else one of them would swallow the rest of the file. */
const LINES_IN_A_RECORD = 20;

/** Records of a file, one at a time. A line with a quote that is never closed is one broken record; the line after it begins anew. */
export async function* readRecords(path: string): AsyncGenerator<RawRecord> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  let line = 0;
  let pending: { line: number; text: string }[] = [];
  for await (const text of lines) {
    line += 1;
    pending.push({ line, text: line === 1 ? text.replace(/^\uFEFF/, '') : text });
    const { records, rest } = cut(pending, false);
    yield* records;
    pending = rest;
  }
  yield* cut(pending, true).records;
}

/** Complete records at the beginning of `lines`; the rest may become one with lines still to come. */
function cut(lines: { line: number; text: string }[], isEnd: boolean): { records: RawRecord[]; rest: { line: number; text: string }[] } {
  const records: RawRecord[] = [];
  let start = 0;
  while (start < lines.length) {
    const first = lines[start]!;
    let end = start + 1;
    let text = first.text;
    while (isOpen(text) && end < lines.length) text += `\n${lines[end++]!.text}`;
    if (!isOpen(text)) {
      if (text.trim() !== '') records.push({ line: first.line, text, broken: false });
      start = end;
    } else if (isEnd || lines.length - start >= LINES_IN_A_RECORD) {
      records.push({ line: first.line, text: first.text, broken: true });
      start += 1;
    } else break;
  }
  return { records, rest: lines.slice(start) };
}

/** True when the text ends inside a quoted value. A quote counts only where a value begins; elsewhere it is part of the value. */
export function isOpen(text: string): boolean {
  for (let at = 0; ;) {
    if (text[at] === '"') {
      const close = closingQuote(text, at + 1);
      if (close < 0) return true;
      at = close + 1;
    }
    const comma = text.indexOf(',', at);
    if (comma < 0) return false;
    at = comma + 1;
  }
}

function closingQuote(text: string, from: number): number {
  let quote = text.indexOf('"', from);
  // Two in a row stand for one.
  while (quote >= 0 && text[quote + 1] === '"') quote = text.indexOf('"', quote + 2);
  return quote;
}
