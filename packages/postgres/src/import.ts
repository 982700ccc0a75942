import { PrmError, type Violation } from '@openprm/errors';
import type { Tx } from './database';
import { transact, type Command, type Transacting } from './transact';

export type ImportResult =
  | { externalId: string; outcome: 'CREATED' | 'UNCHANGED'; id: string; notes?: string[] }
  | { externalId: string; outcome: 'REFUSED'; violations: Violation[] };

export interface ImportItem {
  externalId: string;
}

/** Ends the transaction of a batch that only asks what would happen. */
class DryRun extends Error {
  constructor(readonly results: ImportResult[]) {
    super('dry run');
  }
}

/** Carries out a batch in one transaction; each item is answered on its own, a refused one writes nothing. */
export async function importBatch(
  deps: Transacting,
  command: Command,
  validateOnly: boolean,
  work: (tx: Tx) => Promise<ImportResult[]>,
): Promise<ImportResult[]> {
  try {
    return await transact(deps, command, async (tx) => {
      const results = await work(tx);
      if (validateOnly) throw new DryRun(results);
      return results;
    });
  } catch (error) {
    if (error instanceof DryRun) return error.results;
    throw error;
  }
}

/** Answers one item: what is known is unchanged, what a rule refuses says why. */
export function answerItem(item: ImportItem, knownId: string | undefined, create: () => string): ImportResult {
  if (knownId) return { externalId: item.externalId, outcome: 'UNCHANGED', id: knownId };
  try {
    return { externalId: item.externalId, outcome: 'CREATED', id: create() };
  } catch (error) {
    if (!(error instanceof PrmError)) throw error;
    const violations = error.details.violations ?? [{ field: '', description: error.message, reason: error.reason }];
    return { externalId: item.externalId, outcome: 'REFUSED', violations };
  }
}
