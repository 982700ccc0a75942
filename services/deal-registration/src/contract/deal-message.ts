import { DealState, RejectCode, SellingModel, Side, type Deal as DealMessage } from '@openprm/contracts/dealregistration';
import { businessMinutesBetween, type BusinessCalendar } from '../domain/business-calendar';
import type { Deal, DealState as State } from '../domain/deal';
import {
  money,
  toConflictMessage,
  toCustomerMessage,
  toEvidenceMessage,
  toLineMessage,
  toProtectionMessage,
  toRelatedMessage,
} from './parts';

const steps: Record<State, { step: string; waitingOn: 'PARTNER' | 'ENTERPRISE' | 'NOBODY' }> = {
  DRAFT: { step: 'Draft', waitingOn: 'PARTNER' },
  SUBMITTED: { step: 'First review', waitingOn: 'ENTERPRISE' },
  IN_REVIEW: { step: 'Review', waitingOn: 'ENTERPRISE' },
  INFO_REQUESTED: { step: 'Answer of the partner', waitingOn: 'PARTNER' },
  APPROVED: { step: 'Approved', waitingOn: 'NOBODY' },
  REJECTED: { step: 'Refused', waitingOn: 'NOBODY' },
  EXPIRED: { step: 'Expired', waitingOn: 'NOBODY' },
  WITHDRAWN: { step: 'Withdrawn', waitingOn: 'NOBODY' },
  CONVERTED: { step: 'Converted', waitingOn: 'NOBODY' },
};

/** States in which it is that side's turn. */
export const statesWaitingOn = (side: 'PARTNER' | 'ENTERPRISE' | 'NOBODY'): State[] =>
  (Object.keys(steps) as State[]).filter((state) => steps[state].waitingOn === side);

export interface Reading {
  now: Date;
  calendar: BusinessCalendar;
}

/** What a co-seller may read: who, what and where it stands; no amounts, no evidence, nothing that was said. */
function sharedFields(deal: Deal): DealMessage {
  const { step, waitingOn } = steps[deal.state];
  return {
    id: deal.id,
    number: deal.number,
    partnerId: deal.partnerId,
    partnerName: deal.partnerName,
    ownerPersonId: deal.ownerPersonId ?? '',
    ownerName: deal.ownerName,
    title: deal.title,
    type: deal.type,
    sellingModel: SellingModel[deal.sellingModel],
    customer: toCustomerMessage(deal.customer),
    lines: deal.lines.map((line) => toLineMessage({ ...line, amount: null })),
    amount: undefined,
    expectedCloseDate: deal.expectedCloseDate ?? '',
    evidence: [],
    description: deal.description,
    relatedPartners: deal.related.filter((each) => each.access === 'AUTHORISED').map((each) => toRelatedMessage(each)),
    programId: deal.programId ?? '',
    programName: deal.programName,
    state: DealState[deal.state],
    step,
    waitingOn: Side[waitingOn],
    dueTime: undefined,
    businessMinutesLeft: 0,
    submitTime: deal.submitTime ?? undefined,
    firstCompleteTime: undefined,
    decideTime: deal.decideTime ?? undefined,
    protection: toProtectionMessage(deal),
    conflictNotice: '',
    conflict: undefined,
    queued: false,
    reviewGroup: '',
    routingReason: '',
    infoRequest: '',
    infoAnswer: '',
    rejectCode: RejectCode.UNSPECIFIED,
    reason: '',
    internalNote: '',
    reviewerName: '',
    approverName: '',
    autoApproved: false,
    opportunityId: deal.opportunityId ?? '',
    opportunityNumber: deal.opportunityNumber,
    resubmissionOf: '',
    resubmissions: 0,
    externalId: '',
    submittedByName: '',
    revocationRequestedBy: '',
    moves: [],
    etag: String(deal.version),
    createTime: deal.createTime,
    updateTime: deal.updateTime,
  };
}

/** What the partner itself may read, as an allow-list on top of the above. */
function partnerFields(deal: Deal, { now, calendar }: Reading): DealMessage {
  return {
    ...sharedFields(deal),
    lines: deal.lines.map(toLineMessage),
    amount: money(deal.amount),
    evidence: deal.evidence.map(toEvidenceMessage),
    dueTime: deal.dueTime ?? undefined,
    businessMinutesLeft: deal.dueTime ? businessMinutesBetween(calendar, now, deal.dueTime) : 0,
    firstCompleteTime: deal.firstCompleteTime ?? undefined,
    conflictNotice: deal.conflictNotice,
    infoRequest: deal.infoRequest,
    infoAnswer: deal.infoAnswer,
    rejectCode: deal.rejectCode ? RejectCode[deal.rejectCode] : RejectCode.UNSPECIFIED,
    reason: deal.reason,
    autoApproved: deal.autoApproved,
    resubmissionOf: deal.resubmissionOf ?? '',
    resubmissions: deal.resubmissions,
    externalId: deal.externalId ?? '',
  };
}

export type View = 'ENTERPRISE' | 'PARTNER' | 'CO_SELLER';

export function toDeal(deal: Deal, view: View, reading: Reading): DealMessage {
  if (view === 'CO_SELLER') return sharedFields(deal);
  if (view === 'PARTNER') return partnerFields(deal, reading);
  return {
    ...partnerFields(deal, reading),
    relatedPartners: deal.related.map(toRelatedMessage),
    conflict: toConflictMessage(deal.conflict),
    queued: deal.queued,
    reviewGroup: deal.reviewGroup,
    routingReason: deal.routingReason,
    internalNote: deal.internalNote,
    reviewerName: deal.reviewerName,
    approverName: deal.approverName,
    submittedByName: deal.submittedByName,
    revocationRequestedBy: deal.revocationRequestedByName,
  };
}
