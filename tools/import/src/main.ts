import { Api, PlatformError } from './api';
import { readArguments, usage, UsageError } from './arguments';
import { importCrm } from './crm/run';
import { readMapping, type FileMapping } from './mapping';
import { checkAccess, locatePlatform } from './platform';
import { Report } from './report';
import { summaryOf } from './summary';

async function main(): Promise<void> {
  const wanted = readArguments(process.argv.slice(2));
  if (!wanted) return void console.log(usage);
  await checkAccess();
  const started = Date.now();
  const mapping = readMapping();
  const files = Object.values(mapping).map(({ file }: FileMapping) => file);
  const report = new Report(wanted.report, files);
  await report.open();
  const api = new Api({ ...locatePlatform(wanted.gateway), dryRun: wanted.dryRun });
  await importCrm({ folder: wanted.from, dryRun: wanted.dryRun, mapping, api, report }, wanted.shiftTo);
  await report.close();
  console.log(summaryOf(report, (Date.now() - started) / 1_000, wanted.dryRun));
}

main().catch((error: Error) => {
  const expected = error instanceof UsageError || error instanceof PlatformError || 'syscall' in error;
  console.error(expected ? error.message : error.stack);
  process.exit(1);
});
