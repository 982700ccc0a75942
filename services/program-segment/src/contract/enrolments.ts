import {
  EnrolmentState,
  EntitlementSource,
  type Enrolment as EnrolmentMessage,
  type EnrolmentSummary,
  type Partnership as PartnershipMessage,
  type ResolvedEntitlement,
} from '@openprm/contracts/programsegment';
import { PartnerState } from '@openprm/contracts/partnerdirectory';
import type { EnrolmentView } from '../db/enrolments';
import { toMap, type Resolved } from '../domain/entitlements';
import type { MembershipView, Partnership } from '../domain/partnership';
import { settingsForPartners, toSettings } from './settings';

/** An enrolment in the enterprise's view, without moves. */
export const toEnrolment = ({ enrolment, partnerName, programName, programKind }: EnrolmentView): EnrolmentMessage => ({
  id: enrolment.id,
  partnerId: enrolment.partnerId,
  partnerName,
  programId: enrolment.programId,
  programVersion: enrolment.programNumber,
  programName,
  programKind,
  state: EnrolmentState[enrolment.state],
  tier: enrolment.tier,
  segments: enrolment.segments,
  overrides: enrolment.overrides,
  sponsorPartnerId: enrolment.sponsorPartnerId ?? '',
  applicationText: enrolment.applicationText,
  stateReason: enrolment.stateReason,
  acceptedTermsVersion: enrolment.acceptedTermsVersion,
  termsAcceptTime: enrolment.termsAcceptedAt ?? undefined,
  termsDueTime: enrolment.termsDueAt ?? undefined,
  invitationExpireTime: enrolment.invitationExpiresAt ?? undefined,
  termStartTime: enrolment.termStartsAt ?? undefined,
  termEndTime: enrolment.termEndsAt ?? undefined,
  exitTime: enrolment.exitAt ?? undefined,
  criteriaWaived: enrolment.criteriaWaived,
  externalId: enrolment.externalId ?? '',
  moves: [],
  etag: String(enrolment.version),
  createTime: enrolment.createdAt,
  updateTime: enrolment.updatedAt,
});

/** What a partner reads of its enrolment: no overrides as such (the partnership shows what they come to), no key of another system. */
export const enrolmentForPartners = (message: EnrolmentMessage): EnrolmentMessage => ({ ...message, overrides: [], externalId: '' });

/** A partnership in the enterprise's view, as others' rules need it. */
export const toPartnership = (partnership: Partnership): PartnershipMessage => ({
  partnerId: partnership.partner.id,
  partnerName: partnership.partner.name,
  partnerState: PartnerState[partnership.partner.state as keyof typeof PartnerState] ?? PartnerState.UNSPECIFIED,
  enrolments: partnership.memberships.map(toSummary),
  entitlements: toMap(partnership.entitlements),
  resolvedEntitlements: partnership.entitlements.map(toResolved),
  version: BigInt(partnership.version),
  updateTime: partnership.version > 0 ? partnership.updatedAt : undefined,
});

const toSummary = ({ enrolment, program, tierRank, dealTypes, entitlements }: MembershipView): EnrolmentSummary => ({
  enrolmentId: enrolment.id,
  programId: enrolment.programId,
  programName: program.terms.name,
  programKind: program.terms.kind,
  programVersion: enrolment.programNumber,
  state: EnrolmentState[enrolment.state],
  tier: enrolment.tier,
  tierRank,
  segments: enrolment.segments,
  dealTypes: dealTypes.map((offer) => offer.dealType),
  defaultSellingModel: program.terms.defaultSellingModel,
  sellingModels: Object.fromEntries(dealTypes.filter((offer) => offer.sellingModel).map((offer) => [offer.dealType, offer.sellingModel])),
  settings: toSettings(program.terms.settings),
  entitlements: toMap(entitlements),
  resolvedEntitlements: entitlements.map(toResolved),
  baseCurrency: program.terms.baseCurrency,
  termEndTime: enrolment.termEndsAt ?? undefined,
  sponsorPartnerId: enrolment.sponsorPartnerId ?? '',
});

const toResolved = (value: Resolved): ResolvedEntitlement => ({ ...value, source: EntitlementSource[value.source] });

/** What a partner reads of its partnership: settings are cut to what it may know. */
export const partnershipForPartners = (message: PartnershipMessage): PartnershipMessage => ({
  ...message,
  enrolments: message.enrolments.map((each) => ({ ...each, settings: each.settings && settingsForPartners(each.settings) })),
});
