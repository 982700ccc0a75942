import type { Money } from '@openprm/money';
import { failedPrecondition } from '@openprm/errors';
import { dealType } from './deal-types';
import { isSellingModel, type SellingModel } from './selling-models';

export type Disclosure = 'NOTHING' | 'EXISTS' | 'EXISTS_UNTIL';

/** What the program under which a deal is registered says about it. */
export interface Terms {
  programId: string | null;
  programName: string;
  tier: string;
  baseCurrency: string;
  dealTypes: string[];
  defaultSellingModel: string;
  sellingModelByType: Record<string, string>;
  protectionDays: number;
  minDays: number;
  maxDays: number;
  maxOpenUnproven: number;
  noticeDays: number[];
  provisionalDays: number;
  protectionScope: 'CUSTOMER_FAMILY_COUNTRY' | 'CUSTOMER';
  autoApproveLimit: Money | null;
  disclosure: Disclosure;
  claimPriority: 'FIRST_COMPLETE' | 'VALUE_ADD';
  firstResponseDays: number;
  infoDueDays: number;
  infoLapseDays: number;
  infoReminderDays: number[];
  resubmitMax: number;
  resubmitWaitDays: number;
  coolDownDays: number;
  requiredEvidence: string[];
  partnerMayConvert: boolean;
}

/** Used where a program says nothing, and for what is imported without any program. The days are those of the lowest tier. */
export const defaultTerms: Terms = {
  programId: null,
  programName: '',
  tier: '',
  baseCurrency: 'USD',
  dealTypes: [],
  defaultSellingModel: '',
  sellingModelByType: {},
  protectionDays: 60,
  minDays: 30,
  maxDays: 180,
  maxOpenUnproven: 10,
  noticeDays: [14, 7, 1],
  provisionalDays: 15,
  protectionScope: 'CUSTOMER_FAMILY_COUNTRY',
  autoApproveLimit: null,
  disclosure: 'EXISTS',
  claimPriority: 'FIRST_COMPLETE',
  firstResponseDays: 2,
  infoDueDays: 5,
  infoLapseDays: 10,
  infoReminderDays: [3, 5, 8],
  resubmitMax: 2,
  resubmitWaitDays: 30,
  coolDownDays: 30,
  requiredEvidence: [],
  partnerMayConvert: false,
};

/** Terms of the program named, else of the first active one that offers the type. Throws NOT_ENROLLED or UNKNOWN_PROGRAM. */
export function termsFor(offers: readonly Terms[], type: string, programId: string | null): Terms {
  const named = programId ? offers.filter((each) => each.programId === programId) : offers;
  if (programId && named.length === 0) throw failedPrecondition('UNKNOWN_PROGRAM', 'The partner has no active enrolment in this program.');
  const found = named.find((each) => each.dealTypes.includes(type));
  if (!found) throw failedPrecondition('NOT_ENROLLED', `No active enrolment of the partner offers the deal type ${type}.`);
  return found;
}

/** Terms for a deal that exists already: those of its program, or the defaults once the partner has left it. */
export const termsOf = (offers: readonly Terms[], programId: string | null): Terms =>
  offers.find((each) => each.programId === programId) ?? { ...defaultTerms, programId };

/** The model a deal starts with: as asked, else the program's for the type, else the program's default, else the type's first. */
export function sellingModelFor(terms: Terms, type: string, asked: SellingModel | null): SellingModel {
  const fitting = dealType(type)?.sellingModels ?? [];
  if (asked) {
    if (!fitting.includes(asked))
      throw failedPrecondition('SELLING_MODEL_NOT_ALLOWED', `${asked} does not fit ${type}; it takes one of ${fitting.join(', ')}.`);
    return asked;
  }
  const proposed = [terms.sellingModelByType[type] ?? '', terms.defaultSellingModel].filter(isSellingModel);
  return proposed.find((model) => fitting.includes(model)) ?? fitting[0]!;
}
