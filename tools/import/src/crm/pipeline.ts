import { readRows } from '../csv';
import { Progress } from '../progress';
import { Refusal } from '../refusal';
import { dayNumber, shiftDay } from '../values';
import { refusing, type Context, type Records } from './context';
import { readSale, type Sale } from './sale';
import { recordSales } from './record-sales';
import { Seen } from './seen';
import { Spool } from './spool';

const CHUNK = 200;
/** Chunks on their way at once: while orders of one are recorded, quotes of the next and deals of the one after are. */
const UNDER_WAY = 3;

/**
 * Reads every row, then records them in the order in which customers were engaged, because the first claim keeps its protection.
 * Rows without that day come first: they stay drafts and claim nothing.
 */
export async function importPipeline(context: Context, records: Records, shiftTo: string | null): Promise<void> {
  const spool = await Spool.open();
  try {
    const newest = await readPipeline(context, records, spool);
    const days = shiftTo && newest !== null ? dayNumber(shiftTo) - newest : 0;
    await recordAll(context, spool, days);
  } finally {
    await spool.close();
  }
}

/** Answers the newest day of all rows that could be read. */
async function readPipeline(context: Context, records: Records, spool: Spool): Promise<number | null> {
  const { mapping, report, folder } = context;
  const { file, columns } = mapping.pipeline;
  const seen = new Seen();
  let newest: number | null = null;
  for await (const row of readRows(folder, mapping.pipeline)) {
    const place = { file, line: row.line, key: row.values['key'] ?? '' };
    const sale = refusing(report, place, () => {
      const read = readSale(context, records, place, row);
      if (!seen.add(place.key)) throw new Refusal(columns['key']!, place.key, 'DUPLICATE', 'stands in an earlier line too.');
      return read;
    });
    if (!sale) continue;
    for (const day of [sale.engaged, sale.closed]) if (day) newest = Math.max(newest ?? -Infinity, dayNumber(day));
    await spool.add(sale.engaged ? dayNumber(sale.engaged) : -1_000_000, sale);
  }
  return newest;
}

async function recordAll(context: Context, spool: Spool, days: number): Promise<void> {
  const progress = new Progress(context.mapping.pipeline.file, spool.count);
  const lanes = recordSales(context);
  const underWay: Promise<void>[] = [];
  const send = async (chunk: Sale[]): Promise<void> => {
    const recorded = await lanes(chunk);
    const done = recorded.done.then(() => progress.add(chunk.length));
    // Told of by the await below; a rejection must not go unheard until then.
    done.catch(() => {});
    underWay.push(done);
    if (underWay.length >= UNDER_WAY) await underWay.shift();
  };
  let chunk: Sale[] = [];
  for await (const sale of spool.inOrder<Sale>()) {
    chunk.push(shifted(sale, days));
    if (chunk.length < CHUNK) continue;
    await send(chunk);
    chunk = [];
  }
  if (chunk.length > 0) await send(chunk);
  await Promise.all(underWay);
  progress.end();
}

const shifted = (sale: Sale, days: number): Sale => ({
  ...sale,
  engaged: sale.engaged && shiftDay(sale.engaged, days),
  closed: sale.closed && shiftDay(sale.closed, days),
});
