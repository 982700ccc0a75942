import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../arguments';
import { readRows } from '../csv';
import type { FileMapping } from '../mapping';
import { importAccounts } from './accounts';
import type { Context } from './context';
import { importPipeline } from './pipeline';
import { importProducts } from './products';
import { importTeams } from './teams';

/** Takes the whole export: what others refer to first. */
export async function importCrm(context: Context, shiftTo: string | null): Promise<void> {
  await requireFiles(context);
  const [agents, accounts, products] = await Promise.all([importTeams(context), importAccounts(context), importProducts(context)]);
  await importPipeline(context, { agents, accounts, products }, shiftTo);
}

/** Nothing is written when a file or one of its columns is missing. */
async function requireFiles({ folder, mapping }: Context): Promise<void> {
  for (const each of Object.values(mapping) as FileMapping[]) {
    await access(join(folder, each.file)).catch(() => {
      throw new UsageError(
        `${join(folder, each.file)} is not there or cannot be read: --from names the folder with ${Object.values(mapping)
          .map(({ file }: FileMapping) => file)
          .join(', ')}.`,
      );
    });
    const rows = readRows(folder, each);
    await rows.next();
    await rows.return(undefined);
  }
}
