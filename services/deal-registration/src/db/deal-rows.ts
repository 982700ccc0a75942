import type { ChildRows, Row } from '@openprm/postgres';
import type { ConflictCheck, Match } from '../domain/conflict';
import type { Customer, Deal, DealState, Evidence, Line, RejectCode, Timer } from '../domain/deal';
import { coverage, type Protection } from '../domain/protection';
import type { RelatedPartner } from '../domain/related-partner';
import type { SellingModel } from '../domain/selling-models';
import { nextTimer } from '../domain/timers';
import { idFrom } from './child-ids';
import { moneyOf, toDate, toDateOrNull, toMoney } from './revive';

export interface DealRow {
  id: string;
  version: number;
  number: string;
  partner_id: string;
  partner_name: string | null;
  owner_person_id: string | null;
  owner_name: string;
  title: string;
  type: string;
  selling_model: SellingModel;
  customer: Customer;
  customer_keys: string[];
  lines: (Omit<Line, 'amount'> & { amount: { minor: string; currency: string } | null })[];
  amount_minor: bigint | null;
  currency: string | null;
  expected_close_date: string | null;
  evidence: Evidence[];
  description: string;
  related: RelatedPartner[];
  program_id: string | null;
  program_name: string;
  state: DealState;
  submitted_by: string | null;
  submitted_by_name: string;
  submitted_at: Date | null;
  first_complete_at: Date | null;
  decided_at: Date | null;
  protection: Protection | null;
  conflict: ConflictCheck | null;
  conflict_notice: string;
  queued: boolean;
  review_group: Deal['reviewGroup'];
  routing_reason: string;
  info_request: string;
  info_answer: string;
  reject_code: RejectCode | null;
  reason: string;
  internal_note: string;
  reviewer_id: string | null;
  reviewer_name: string;
  approver_name: string;
  auto_approved: boolean;
  opportunity_id: string | null;
  opportunity_number: string;
  resubmission_of: string | null;
  resubmissions: number;
  external_id: string | null;
  revocation_requested_by: string | null;
  revocation_requested_by_name: string;
  due_at: Date | null;
  paused_minutes: number | null;
  timers: Timer[];
  created_at: Date;
  updated_at: Date;
}

export const toDealRow = (deal: Deal): Row & { id: string; version: number } => ({
  id: deal.id,
  version: deal.version,
  number: deal.number,
  partner_id: deal.partnerId,
  owner_person_id: deal.ownerPersonId,
  owner_name: deal.ownerName,
  title: deal.title,
  type: deal.type,
  selling_model: deal.sellingModel,
  customer: deal.customer,
  customer_id: deal.customer.customerId,
  customer_name: deal.customer.name,
  customer_keys: deal.customerKeys,
  lines: deal.lines,
  amount_minor: deal.amount?.minor ?? null,
  currency: deal.amount?.currency ?? null,
  expected_close_date: deal.expectedCloseDate,
  evidence: deal.evidence,
  description: deal.description,
  related: deal.related,
  program_id: deal.programId,
  program_name: deal.programName,
  state: deal.state,
  submitted_by: deal.submittedBy,
  submitted_by_name: deal.submittedByName,
  submitted_at: deal.submitTime,
  first_complete_at: deal.firstCompleteTime,
  decided_at: deal.decideTime,
  protection: deal.protection,
  conflict: deal.conflict,
  conflict_notice: deal.conflictNotice,
  queued: deal.queued,
  review_group: deal.reviewGroup,
  routing_reason: deal.routingReason,
  info_request: deal.infoRequest,
  info_answer: deal.infoAnswer,
  reject_code: deal.rejectCode,
  reason: deal.reason,
  internal_note: deal.internalNote,
  reviewer_id: deal.reviewerId,
  reviewer_name: deal.reviewerName,
  approver_name: deal.approverName,
  auto_approved: deal.autoApproved,
  opportunity_id: deal.opportunityId,
  opportunity_number: deal.opportunityNumber,
  resubmission_of: deal.resubmissionOf,
  resubmissions: deal.resubmissions,
  external_id: deal.externalId,
  revocation_requested_by: deal.revocationRequestedBy,
  revocation_requested_by_name: deal.revocationRequestedByName,
  due_at: deal.dueTime,
  paused_minutes: deal.pausedMinutes,
  timers: deal.timers,
  next_timer_at: nextTimer(deal),
  created_at: deal.createTime,
  updated_at: deal.updateTime,
});

export const fromDealRow = (row: DealRow): Deal => ({
  id: row.id,
  version: row.version,
  number: row.number,
  partnerId: row.partner_id,
  partnerName: row.partner_name ?? '',
  ownerPersonId: row.owner_person_id,
  ownerName: row.owner_name,
  title: row.title,
  type: row.type,
  sellingModel: row.selling_model,
  customer: row.customer,
  customerKeys: row.customer_keys,
  lines: toLines(row.lines),
  amount: moneyOf(row.amount_minor, row.currency),
  expectedCloseDate: row.expected_close_date,
  evidence: row.evidence,
  description: row.description,
  related: row.related,
  programId: row.program_id,
  programName: row.program_name,
  state: row.state,
  submittedBy: row.submitted_by,
  submittedByName: row.submitted_by_name,
  submitTime: row.submitted_at,
  firstCompleteTime: row.first_complete_at,
  decideTime: row.decided_at,
  protection: toProtection(row.protection),
  conflict: toConflict(row.conflict),
  conflictNotice: row.conflict_notice,
  queued: row.queued,
  reviewGroup: row.review_group,
  routingReason: row.routing_reason,
  infoRequest: row.info_request,
  infoAnswer: row.info_answer,
  rejectCode: row.reject_code,
  reason: row.reason,
  internalNote: row.internal_note,
  reviewerId: row.reviewer_id,
  reviewerName: row.reviewer_name,
  approverName: row.approver_name,
  autoApproved: row.auto_approved,
  opportunityId: row.opportunity_id,
  opportunityNumber: row.opportunity_number,
  resubmissionOf: row.resubmission_of,
  resubmissions: row.resubmissions,
  externalId: row.external_id,
  revocationRequestedBy: row.revocation_requested_by,
  revocationRequestedByName: row.revocation_requested_by_name,
  dueTime: row.due_at,
  pausedMinutes: row.paused_minutes,
  timers: row.timers.map((timer) => ({ ...timer, at: toDate(timer.at) })),
  createTime: row.created_at,
  updateTime: row.updated_at,
});

export const toLines = (lines: DealRow['lines']): Line[] => lines.map((line) => ({ ...line, amount: toMoney(line.amount) }));

export const toProtection = (stored: Protection | null): Protection | null =>
  stored && { ...stored, start: toDate(stored.start), end: toDate(stored.end) };

export const toConflict = (stored: ConflictCheck | null): ConflictCheck | null =>
  stored && {
    ...stored,
    checkTime: toDate(stored.checkTime),
    matches: stored.matches.map((match): Match => ({
      ...match,
      firstCompleteTime: toDateOrNull(match.firstCompleteTime),
      protectionEnd: toDateOrNull(match.protectionEnd),
    })),
  };

/** A protection that ended so long ago that no check asks for it any more; whatever the cool-down of a program is. */
const FORGOTTEN_DAYS = 400;

/** The customer as others may run into it: a row per key and family, active while the protection is. */
export function claimsOf(deal: Deal, now: Date): ChildRows {
  const protection = deal.protection;
  const forgotten =
    ['CONVERTED', 'EXPIRED', 'REJECTED', 'WITHDRAWN'].includes(deal.state) &&
    protection?.state !== 'ACTIVE' &&
    (!protection || protection.end.getTime() < now.getTime() - FORGOTTEN_DAYS * 86_400_000);
  const { families, country } = protection ?? coverage(deal.lines, deal.customer.country, { protectionScope: 'CUSTOMER_FAMILY_COUNTRY' });
  const pairs = forgotten ? [] : deal.customerKeys.flatMap((key) => families.map((family) => ({ key, family })));
  return {
    table: 'customer_claims',
    ownerColumn: 'owner_id',
    ownerId: deal.id,
    rows: pairs.map(({ key, family }) => ({
      id: idFrom(deal.id, key, family),
      owner_id: deal.id,
      owner_kind: 'DEAL',
      customer_key: key,
      family,
      country,
      active: protection?.state === 'ACTIVE',
    })),
  };
}

/** Related partners who may read the record. */
export function readersOf(
  table: 'deal_readers' | 'opportunity_readers',
  record: { id: string; related: RelatedPartner[]; createTime: Date },
): ChildRows {
  const partners = [...new Set(record.related.filter((each) => each.access === 'AUTHORISED').map((each) => each.partnerId))];
  const rows = partners.map((partnerId) => ({
    id: idFrom(record.id, partnerId),
    record_id: record.id,
    partner_id: partnerId,
    created_at: record.createTime,
  }));
  return { table, ownerColumn: 'record_id', ownerId: record.id, rows };
}
