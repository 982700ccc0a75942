import { word } from '@openprm/contracts';
import {
  Disclosure,
  EnrolmentState,
  ClaimPriority,
  ProtectionScope,
  type EnrolmentSummary,
  type Partnership,
  type ProgramSettings,
} from '@openprm/contracts/programsegment';
import { fromGoogleMoney, type Money } from '@openprm/money';
import { defaultTerms, type Terms } from '../domain/terms';

/** The active programs of a partner as terms of a deal; a number that is zero or missing means the default. */
export const toTerms = (partnership: Partnership): Terms[] =>
  partnership.enrolments.filter((each) => word(EnrolmentState, each.state) === 'ACTIVE').map(toTermsOf);

function toTermsOf(enrolment: EnrolmentSummary): Terms {
  const settings = enrolment.settings;
  const entitled = enrolment.entitlements;
  return {
    ...defaultTerms,
    ...(settings && toSettings(settings)),
    programId: enrolment.programId,
    programName: enrolment.programName,
    tier: enrolment.tier,
    baseCurrency: enrolment.baseCurrency || defaultTerms.baseCurrency,
    dealTypes: enrolment.dealTypes,
    defaultSellingModel: enrolment.defaultSellingModel,
    sellingModelByType: enrolment.sellingModels,
    protectionDays: numberOr(entitled['deal.protectionDays'], defaultTerms.protectionDays),
    maxOpenUnproven: numberOr(entitled['deal.maxOpenUnproven'], settings?.maxOpenUnproven || defaultTerms.maxOpenUnproven),
    autoApproveLimit: limitOf(enrolment),
  };
}

const toSettings = (settings: ProgramSettings): Partial<Terms> => ({
  minDays: settings.protectionMinDays || defaultTerms.minDays,
  maxDays: settings.protectionMaxDays || defaultTerms.maxDays,
  noticeDays: settings.protectionNoticeDays.length > 0 ? settings.protectionNoticeDays : defaultTerms.noticeDays,
  provisionalDays: settings.provisionalMaxDays || defaultTerms.provisionalDays,
  protectionScope: word(ProtectionScope, settings.protectionScope) ?? defaultTerms.protectionScope,
  disclosure: word(Disclosure, settings.disclosure) ?? defaultTerms.disclosure,
  claimPriority: word(ClaimPriority, settings.claimPriority) ?? defaultTerms.claimPriority,
  firstResponseDays: settings.firstResponseDays || defaultTerms.firstResponseDays,
  infoDueDays: settings.informationDueDays || defaultTerms.infoDueDays,
  infoLapseDays: settings.informationLapseDays || defaultTerms.infoLapseDays,
  infoReminderDays: settings.informationReminderDays.length > 0 ? settings.informationReminderDays : defaultTerms.infoReminderDays,
  resubmitMax: settings.resubmitMax || defaultTerms.resubmitMax,
  resubmitWaitDays: settings.resubmitWaitDays || defaultTerms.resubmitWaitDays,
  coolDownDays: settings.coolDownDays || defaultTerms.coolDownDays,
  requiredEvidence: settings.requiredEvidence.map((kind) => kind.toUpperCase()),
  partnerMayConvert: settings.partnerMayConvert,
});

const numberOr = (value: string | undefined, otherwise: number): number =>
  value !== undefined && value !== '' && Number.isFinite(Number(value)) ? Number(value) : otherwise;

/** The largest deal that a rule may approve for this tier. */
function limitOf({ settings, tier }: EnrolmentSummary): Money | null {
  const amount = settings?.autoApproveLimits.find((each) => each.tier === tier)?.amount;
  return amount ? fromGoogleMoney(amount) : null;
}
