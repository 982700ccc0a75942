import { ImportOutcome, type ImportResult as ImportResultMessage } from '@openprm/contracts/type';
import type { ImportResult } from '../usecases/import-enrolments';

export const toImportResult = (result: ImportResult): ImportResultMessage => ({
  externalId: result.externalId,
  outcome: ImportOutcome[result.outcome],
  id: result.outcome === 'REFUSED' ? '' : result.id,
  violations:
    result.outcome === 'REFUSED'
      ? result.violations.map(({ field, description, reason }) => ({ field, description, reason: reason ?? '' }))
      : [],
  notes: [],
});
