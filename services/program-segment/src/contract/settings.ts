import {
  ClaimPriority,
  Disclosure,
  ProgramSettings,
  ProtectionScope,
  type TierAmount as TierAmountMessage,
} from '@openprm/contracts/programsegment';
import { fromGoogleMoney, toGoogleMoney } from '@openprm/money';
import type { Settings } from '../domain/settings';
import type { TierAmount } from '../domain/terms';
import { word } from '@openprm/contracts';

export const toSettings = (settings: Settings): ProgramSettings => ({
  ...settings,
  protectionScope: ProtectionScope[settings.protectionScope],
  disclosure: Disclosure[settings.disclosure],
  claimPriority: ClaimPriority[settings.claimPriority],
  autoApproveLimits: settings.autoApproveLimits.map(toTierAmount),
  orderLimits: settings.orderLimits.map(toTierAmount),
  quoteApprovalLimit: settings.quoteApprovalLimit ? toGoogleMoney(settings.quoteApprovalLimit) : undefined,
});

const toTierAmount = ({ tier, amount }: TierAmount): TierAmountMessage => ({ tier, amount: toGoogleMoney(amount) });

/** What a partner may know: how long things take and what is asked of it. Limits and how conflicts are decided stay inside. */
const FOR_PARTNERS = [
  'maxOpenUnproven',
  'protectionMinDays',
  'protectionMaxDays',
  'protectionNoticeDays',
  'associatesOwnRecordsOnly',
  'firstResponseDays',
  'informationDueDays',
  'informationLapseDays',
  'informationReminderDays',
  'resubmitMax',
  'resubmitWaitDays',
  'requiredEvidence',
  'partnerMayConvert',
  'registrationDiscountPct',
  'quoteValidityDays',
  'lineConfirmation',
  'invitationDays',
  'termMonths',
  'renewalWindowDays',
  'exitNoticeDays',
  'termsAcceptanceDays',
] as const satisfies (keyof ProgramSettings)[];

export function settingsForPartners(settings: ProgramSettings): ProgramSettings {
  const told = Object.fromEntries(FOR_PARTNERS.map((name) => [name, settings[name]]));
  return ProgramSettings.fromPartial({
    ...told,
    protectionScope: ProtectionScope.UNSPECIFIED,
    disclosure: Disclosure.UNSPECIFIED,
    claimPriority: ClaimPriority.UNSPECIFIED,
  });
}

/** As sent; what is left at zero gets its default by a rule. */
export function fromSettings(message: ProgramSettings): Settings {
  const { quoteApprovalLimit } = message;
  return {
    ...message,
    protectionScope: word(ProtectionScope, message.protectionScope) ?? 'CUSTOMER_FAMILY_COUNTRY',
    disclosure: word(Disclosure, message.disclosure) ?? 'EXISTS',
    claimPriority: word(ClaimPriority, message.claimPriority) ?? 'FIRST_COMPLETE',
    autoApproveLimits: message.autoApproveLimits.map(fromTierAmount),
    orderLimits: message.orderLimits.map(fromTierAmount),
    quoteApprovalLimit: quoteApprovalLimit ? fromGoogleMoney(quoteApprovalLimit) : null,
  };
}

const fromTierAmount = ({ tier, amount }: TierAmountMessage): TierAmount => ({ tier, amount: fromGoogleMoney(amount!) });

/** Settings as they are when nobody sends any. */
export const NO_SETTINGS = ProgramSettings.fromPartial({});
