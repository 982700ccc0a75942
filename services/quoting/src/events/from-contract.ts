import {
  ProtectionState,
  RelatedPartnerAccess,
  type Deal,
  type Opportunity,
  type Protection,
  type RelatedPartner,
} from '@openprm/contracts/dealregistration';
import type { Customer } from '@openprm/contracts/partnerdirectory';
import { EnrolmentState, type EnrolmentSummary, type Partnership } from '@openprm/contracts/programsegment';
import { fromGoogleMoney } from '@openprm/money';
import type { Partnership as PartnershipCopy } from '../db/partnerships';
import type { CustomerCopy, ProtectionCopy, SourceCopy } from '../db/references';
import { percentToBps, toCatalogScope, toPriceRule } from '../domain/catalog';
import type { ProgramTerms } from '../domain/facts';
import { DEFAULT_VALIDITY_DAYS } from '../domain/quote-life';

export function toPartnership({ partnerId, version, enrolments, entitlements }: Partnership): PartnershipCopy {
  const active = enrolments.filter((each) => each.state === EnrolmentState.ACTIVE);
  const best = active.reduce<EnrolmentSummary | null>((found, each) => (found && found.tierRank >= each.tierRank ? found : each), null);
  return {
    partnerId,
    version,
    enrolled: active.length > 0,
    tier: best?.tier ?? '',
    catalogScope: toCatalogScope(entitlements['catalog.scope']),
    priceRule: toPriceRule(entitlements['price.rule']),
    maxDiscountBps: percentToBps(entitlements['quote.maxDiscountPct']),
    terms: active.map(toTerms),
  };
}

const toTerms = ({ programId, settings }: EnrolmentSummary): ProgramTerms => ({
  programId,
  registrationBps: percentToBps(settings?.registrationDiscountPct) ?? 0,
  validityDays: settings?.quoteValidityDays || DEFAULT_VALIDITY_DAYS,
  lineConfirmation: settings?.lineConfirmation ?? false,
  limit: settings?.quoteApprovalLimit ? fromGoogleMoney(settings.quoteApprovalLimit) : null,
});

export const toCustomerCopy = ({ id, etag, name, country, partnerId }: Customer): CustomerCopy => ({
  id,
  version: Number(etag),
  name,
  country,
  partnerId: partnerId || null,
});

const toSource = (source: Deal | Opportunity): SourceCopy => ({
  id: source.id,
  version: Number(source.etag),
  partnerId: source.partnerId || null,
  customerId: source.customer?.customerId || null,
  customerName: source.customer?.name ?? '',
  currency: source.amount?.currencyCode ?? '',
  lines: source.lines.filter((line) => line.productId).map(({ productId, quantity }) => ({ productId, quantity: quantity || 1 })),
  related: withAccess(source.relatedPartners),
});

/** Listed partners see nothing, so they are none of ours. */
const withAccess = (partners: RelatedPartner[]): string[] =>
  partners.filter((each) => each.access === RelatedPartnerAccess.AUTHORISED).map((each) => each.partnerId);

export const toDealCopy = (deal: Deal) => ({
  ...toSource(deal),
  opportunityId: deal.opportunityId || null,
  programId: deal.programId || null,
});

export const toOpportunityCopy = (opportunity: Opportunity) => ({ ...toSource(opportunity), dealId: opportunity.dealId || null });

/** Null for a record without one. */
export function toProtectionCopy(protection: Protection | undefined): ProtectionCopy | null {
  if (!protection?.id || !protection.dealId || !protection.endTime) return null;
  const state = Object.keys(ProtectionState).find((key) => ProtectionState[key as keyof typeof ProtectionState] === protection.state) ?? '';
  const { id, dealId, partnerId, families, country, endTime: endsAt } = protection;
  return {
    id,
    dealId,
    partnerId,
    families,
    country,
    endsAt,
    state,
    opportunityId: protection.opportunityId || null,
    customerId: protection.customerId || null,
  };
}
