import { word } from '@openprm/contracts';
import {
  CloseReason,
  EvidenceKind,
  LeadMode,
  OpportunityStage,
  RelatedPartnerAccess,
  RelatedPartnerRole,
  SellingModel,
  type Deal as DealMessage,
  type DealCustomer,
  type DealLine,
  type Evidence as EvidenceMessage,
  type Opportunity as OpportunityMessage,
  type RelatedPartner as RelatedMessage,
} from '@openprm/contracts/dealregistration';
import { invalid } from '@openprm/errors';
import { fromGoogleMoney, MoneyError, type GoogleMoney, type Money } from '@openprm/money';
import type { Customer, Evidence, Line, SentContent } from '../domain/deal';
import { DEFAULT_DEAL_TYPE } from '../domain/deal-types';
import type { CloseReason as DomainCloseReason, LeadMode as DomainLeadMode, Stage } from '../domain/opportunity';
import type { RelatedPartner } from '../domain/related-partner';
import type { SellingModel as DomainSellingModel } from '../domain/selling-models';

/** An amount as sent; null when left out. Throws INVALID_ARGUMENT naming the field. */
export function toAmount(sent: GoogleMoney | undefined, field: string): Money | null {
  if (!sent) return null;
  try {
    return fromGoogleMoney(sent);
  } catch (error) {
    if (error instanceof MoneyError) throw invalid(field, `${error.message}.`, 'INVALID_AMOUNT');
    throw error;
  }
}

/** A calendar day as sent; null when left out. */
export function toDay(sent: string, field: string): string | null {
  if (sent === '') return null;
  const at = new Date(`${sent}T00:00:00Z`);
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== sent)
    throw invalid(field, 'is no day of the calendar: write it as YYYY-MM-DD.', 'INVALID_DATE');
  return sent;
}

export const toCustomer = (sent: DealCustomer | undefined): Customer => ({
  customerId: sent?.customerId || null,
  name: sent?.name.trim() ?? '',
  country: sent?.country ?? '',
  city: sent?.city ?? '',
  taxId: sent?.taxId ?? '',
  website: sent?.website ?? '',
  contactName: sent?.contactName ?? '',
  contactEmail: sent?.contactEmail ?? '',
});

export const toLines = (sent: DealLine[], field = 'deal.lines'): Line[] =>
  sent.map((line, index) => ({
    productId: line.productId || null,
    productName: line.productName,
    family: line.productFamily.trim(),
    quantity: line.quantity || 1,
    amount: toAmount(line.amount, `${field}[${index}].amount`),
  }));

export const toEvidence = (sent: EvidenceMessage[]): Evidence[] =>
  sent.map(({ kind, text }) => ({ kind: word(EvidenceKind, kind)!, text }));

export const toRelated = (sent: RelatedMessage[]): RelatedPartner[] =>
  sent.map((each) => ({
    partnerId: each.partnerId,
    partnerName: '',
    role: word(RelatedPartnerRole, each.role)!,
    access: word(RelatedPartnerAccess, each.access) ?? 'LISTED',
    attributionPercent: each.attributionPercent,
  }));

export const toSellingModel = (sent: SellingModel): DomainSellingModel | null => word(SellingModel, sent) ?? null;
export const toStage = (sent: OpportunityStage): Stage => word(OpportunityStage, sent)!;
export const toLeadMode = (sent: LeadMode): DomainLeadMode | null => word(LeadMode, sent) ?? null;
export const toCloseReason = (sent: CloseReason): DomainCloseReason | null => word(CloseReason, sent) ?? null;

export const toContent = (message: DealMessage): SentContent => ({
  ownerPersonId: message.ownerPersonId || null,
  title: message.title.trim(),
  type: message.type || DEFAULT_DEAL_TYPE,
  sellingModel: toSellingModel(message.sellingModel),
  customer: toCustomer(message.customer),
  lines: toLines(message.lines),
  amount: toAmount(message.amount, 'deal.amount'),
  expectedCloseDate: toDay(message.expectedCloseDate, 'deal.expected_close_date'),
  evidence: toEvidence(message.evidence),
  description: message.description,
  relatedPartners: toRelated(message.relatedPartners),
});

export const toOpportunityContent = (message: OpportunityMessage) => ({
  title: message.title.trim(),
  ownerPersonId: message.ownerPersonId || null,
  lines: toLines(message.lines, 'opportunity.lines'),
  amount: toAmount(message.amount, 'opportunity.amount'),
  expectedCloseDate: toDay(message.expectedCloseDate, 'opportunity.expected_close_date'),
  leadMode: toLeadMode(message.leadMode),
});
