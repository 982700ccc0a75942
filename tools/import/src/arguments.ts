import { parseArgs } from 'node:util';

export interface Arguments {
  from: string;
  dryRun: boolean;
  shiftTo: string | null;
  report: string | null;
  gateway: string | null;
}

export const usage = `Usage: npm run import -- crm --from DIR [options]

Takes a CRM export (accounts.csv, products.csv, sales_teams.csv, sales_pipeline.csv) into a running platform.
A second run changes nothing; a run that was cut off goes on where it stopped when it is started again.

  --from DIR        folder with the four files
  --dry-run         say what would happen, write nothing
  --shift-to DATE   move all dates by the same number of days, so that the newest falls on DATE (YYYY-MM-DD)
  --report FILE     write one CSV line per row, and what was noticed on the way
  --gateway URL     address of the platform; default: that of the running sandbox, else http://127.0.0.1:8080
  --help            this text

The token is PRM_TOKEN, or that of admin@enterprise.example in the sandbox on PRM_DATA (default .data).
The mapping of columns, values, dates and currency is data: tools/import/mappings/crm.`;

/** A mistake of the person who typed, told in one line. */
export class UsageError extends Error {}

/** Null when help was asked for. */
export function readArguments(args: string[]): Arguments | null {
  const { values, positionals } = parse(args);
  if (values.help || args.length === 0) return null;
  if (positionals.length !== 1 || positionals[0] !== 'crm') throw new UsageError(`Say what to import: crm. ${firstLine}`);
  if (!values.from) throw new UsageError(`Name the folder of the export with --from DIR. ${firstLine}`);
  if (values['shift-to'] !== undefined && !isDay(values['shift-to']))
    throw new UsageError(`--shift-to "${values['shift-to']}" is not a day like 2026-03-31.`);
  return {
    from: values.from,
    dryRun: values['dry-run'] ?? false,
    shiftTo: values['shift-to'] ?? null,
    report: values.report ?? null,
    gateway: values.gateway ?? null,
  };
}

const firstLine = usage.split('\n')[0]!;

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        from: { type: 'string' },
        'dry-run': { type: 'boolean' },
        'shift-to': { type: 'string' },
        report: { type: 'string' },
        gateway: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('\n')[0]} ${firstLine}`);
  }
}

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
