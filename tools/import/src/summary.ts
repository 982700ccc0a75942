import { outcomes, type Report } from './report';

/** The whole run in one table: rows in are the sum of what became of them. */
export function summaryOf(report: Report, seconds: number, dryRun: boolean): string {
  const head = ['file', 'rows in', ...outcomes];
  const rows = [...report.tallies].map(([file, tally]) => [file, tally.rows, ...outcomes.map((outcome) => tally[outcome])].map(String));
  const sums = ['all', ...head.slice(1).map((_, column) => String(rows.reduce((sum, row) => sum + Number(row[column + 1]), 0)))];
  const lines = [...table([head, ...rows, sums]), ''];
  for (const { place, column, value, text, rows: count } of report.notes.values())
    lines.push(`${place.file}, ${column} "${value}": ${text}, ${count} rows`);
  for (const [kind, count] of report.refusals) lines.push(`refused: ${kind}, ${count} rows`);
  if (report.conflicts > 0) lines.push(`${report.conflicts} rows were taken without a protection, because an earlier claim holds it`);
  return [...lines, `${dryRun ? 'Dry run, nothing was written' : 'Done'} in ${seconds.toFixed(1)} s.`].join('\n');
}

function table(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  '),
  );
}
