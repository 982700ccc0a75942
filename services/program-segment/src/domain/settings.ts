import type { Money } from '@openprm/money';
import type { TierAmount } from './terms';

export type Disclosure = 'NOTHING' | 'EXISTS' | 'EXISTS_UNTIL';
export type ProtectionScope = 'CUSTOMER_FAMILY_COUNTRY' | 'CUSTOMER';
export type ClaimPriority = 'FIRST_COMPLETE' | 'VALUE_ADD';

/** Numbers and switches of a program; units are in the contract. */
export interface Settings {
  maxOpenUnproven: number;
  protectionMinDays: number;
  protectionMaxDays: number;
  protectionNoticeDays: number[];
  provisionalMaxDays: number;
  protectionScope: ProtectionScope;
  autoApproveLimits: TierAmount[];
  disclosure: Disclosure;
  claimPriority: ClaimPriority;
  associatesOwnRecordsOnly: boolean;
  firstResponseDays: number;
  informationDueDays: number;
  informationLapseDays: number;
  informationReminderDays: number[];
  resubmitMax: number;
  resubmitWaitDays: number;
  coolDownDays: number;
  requiredEvidence: string[];
  partnerMayConvert: boolean;
  registrationDiscountPct: string;
  quoteValidityDays: number;
  quoteApprovalLimit: Money | null;
  lineConfirmation: boolean;
  orderLimits: TierAmount[];
  firstOrdersReviewed: number;
  invitationDays: number;
  termMonths: number;
  renewalWindowDays: number;
  exitNoticeDays: number;
  termsAcceptanceDays: number;
}

/** What a program has where its author gave no number. */
export const DEFAULT_SETTINGS: Settings = {
  maxOpenUnproven: 10,
  protectionMinDays: 30,
  protectionMaxDays: 180,
  protectionNoticeDays: [14, 7, 1],
  provisionalMaxDays: 15,
  protectionScope: 'CUSTOMER_FAMILY_COUNTRY',
  autoApproveLimits: [],
  disclosure: 'EXISTS',
  claimPriority: 'FIRST_COMPLETE',
  associatesOwnRecordsOnly: false,
  firstResponseDays: 2,
  informationDueDays: 5,
  informationLapseDays: 10,
  informationReminderDays: [3, 5, 8],
  resubmitMax: 2,
  resubmitWaitDays: 30,
  coolDownDays: 30,
  requiredEvidence: [],
  partnerMayConvert: false,
  registrationDiscountPct: '0',
  quoteValidityDays: 30,
  quoteApprovalLimit: null,
  lineConfirmation: false,
  orderLimits: [],
  firstOrdersReviewed: 3,
  invitationDays: 30,
  termMonths: 12,
  renewalWindowDays: 60,
  exitNoticeDays: 30,
  termsAcceptanceDays: 30,
};

/** Takes the default wherever a setting was left at zero, empty or unset; switches are taken as they are. */
export function fillSettings(given: Settings): Settings {
  const filled = Object.entries(DEFAULT_SETTINGS).map(([name, fallback]) => {
    const value = given[name as keyof Settings];
    const unset = value === 0 || value === '' || value === undefined || (Array.isArray(value) && value.length === 0);
    return [name, unset ? fallback : value];
  });
  return Object.fromEntries(filled) as unknown as Settings;
}
