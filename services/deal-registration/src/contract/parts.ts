import {
  ConflictDecision,
  ConflictMatchKind,
  ConflictVerdict,
  EvidenceKind,
  ProtectionState,
  RelatedPartnerAccess,
  RelatedPartnerRole,
  type ConflictCheck as ConflictMessage,
  type DealCustomer,
  type DealLine,
  type Protection as ProtectionMessage,
  type RelatedPartner as RelatedMessage,
} from '@openprm/contracts/dealregistration';
import { toGoogleMoney, type GoogleMoney, type Money } from '@openprm/money';
import { ALGORITHM, BLOCK_FROM, REVIEW_FROM, type ConflictCheck } from '../domain/conflict';
import type { Customer, Deal, Evidence, Line } from '../domain/deal';
import type { RelatedPartner } from '../domain/related-partner';

export const money = (amount: Money | null): GoogleMoney | undefined => (amount ? toGoogleMoney(amount) : undefined);

export const toCustomerMessage = (customer: Customer): DealCustomer => ({ ...customer, customerId: customer.customerId ?? '' });

export const toLineMessage = (line: Line): DealLine => ({
  productId: line.productId ?? '',
  productName: line.productName,
  productFamily: line.family,
  quantity: line.quantity,
  amount: money(line.amount),
});

export const toEvidenceMessage = ({ kind, text }: Evidence) => ({ kind: EvidenceKind[kind], text });

export const toRelatedMessage = (each: RelatedPartner): RelatedMessage => ({
  ...each,
  role: RelatedPartnerRole[each.role],
  access: RelatedPartnerAccess[each.access],
});

type ProtectedDeal = Pick<Deal, 'id' | 'partnerId' | 'opportunityId' | 'protection'> & { customer: Pick<Customer, 'customerId'> };

export const toProtectionMessage = ({
  id,
  partnerId,
  opportunityId,
  customer,
  protection,
}: ProtectedDeal): ProtectionMessage | undefined =>
  protection
    ? {
        id: protection.id,
        dealId: id,
        opportunityId: opportunityId ?? '',
        partnerId,
        customerId: customer.customerId ?? '',
        families: protection.families,
        country: protection.country,
        state: ProtectionState[protection.state],
        startTime: protection.start,
        endTime: protection.end,
        releaseReason: protection.releaseReason,
      }
    : undefined;

export const toConflictMessage = (check: ConflictCheck | null): ConflictMessage | undefined =>
  check
    ? {
        verdict: ConflictVerdict[check.verdict],
        checkTime: check.checkTime,
        algorithm: ALGORITHM,
        blockThreshold: BLOCK_FROM,
        reviewThreshold: REVIEW_FROM,
        matches: check.matches.map((match) => ({
          dealId: match.dealId ?? '',
          dealNumber: match.dealNumber,
          opportunityId: match.opportunityId ?? '',
          partnerId: match.partnerId ?? '',
          partnerName: match.partnerName,
          kind: ConflictMatchKind[match.kind],
          verdict: ConflictVerdict[match.verdict],
          score: match.score,
          overlap: match.overlap,
          firstCompleteTime: match.firstCompleteTime ?? undefined,
          protectionEndTime: match.protectionEnd ?? undefined,
          ahead: match.ahead,
          findings: match.findings,
          decision: match.decision ? ConflictDecision[match.decision] : ConflictDecision.UNSPECIFIED,
          decisionReason: match.decisionReason,
          decidedByName: match.decidedByName,
          confirmedByName: match.confirmedByName,
        })),
      }
    : undefined;
