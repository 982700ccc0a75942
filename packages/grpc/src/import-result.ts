import { ImportOutcome, type ImportResult as ImportResultMessage } from '@openprm/contracts/type';
import type { ImportResult } from '@openprm/postgres';

export const toImportResult = (result: ImportResult): ImportResultMessage => ({
  externalId: result.externalId,
  outcome: ImportOutcome[result.outcome],
  id: result.outcome === 'REFUSED' ? '' : result.id,
  violations:
    result.outcome === 'REFUSED'
      ? result.violations.map(({ field, description, reason }) => ({ field, description, reason: reason ?? '' }))
      : [],
  notes: result.outcome === 'REFUSED' ? [] : (result.notes ?? []),
});
