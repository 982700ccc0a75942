import { failedPrecondition, invalid, permissionDenied } from '@openprm/errors';
import { monthsAfter } from './calendar';
import { acceptedTerms, requireSegments, requireTrading, tierOf, type EnrolledPartner } from './enrol';
import { moved, stateAfter, type Enrolment, type EnrolmentDecision } from './enrolment';
import type { Terms } from './terms';

/** The answers to an invitation and to an application. */

/** INVITED to ACTIVE: the partner accepts the terms in force. */
export function acceptInvitation(
  enrolment: Enrolment,
  partner: EnrolledPartner,
  terms: Terms,
  termsVersion: string,
  now: Date,
): EnrolmentDecision {
  stateAfter('accept', enrolment.state);
  if (enrolment.invitationExpiresAt && enrolment.invitationExpiresAt <= now)
    throw failedPrecondition('INVITATION_EXPIRED', 'The invitation has expired: ask to be invited again.');
  requireTrading(partner);
  const fields = { ...acceptedTerms(terms, termsVersion, now), ...termFrom(now, terms), invitationExpiresAt: null };
  return { enrolment: moved(enrolment, 'accept', fields, now), event: { type: 'EnrolmentAccepted' } };
}

export const declineInvitation = (enrolment: Enrolment, reason: string, now: Date): EnrolmentDecision => ({
  enrolment: moved(enrolment, 'decline', { stateReason: reason, invitationExpiresAt: null }, now),
  event: { type: 'EnrolmentDeclined' },
});

export interface Approval {
  tier: string;
  segments: string[];
  waiveCriteria: boolean;
  approvedBy: string | null;
}

/** APPLIED to ACTIVE, with tier and segments. Whoever applied cannot approve. */
export function approveApplication(
  enrolment: Enrolment,
  partner: EnrolledPartner,
  terms: Terms,
  approval: Approval,
  now: Date,
): EnrolmentDecision {
  stateAfter('approve', enrolment.state);
  if (enrolment.appliedBy && enrolment.appliedBy === approval.approvedBy)
    throw permissionDenied('Whoever applied cannot approve.', 'SECOND_PERSON_NEEDED');
  requireTrading(partner);
  const segments = approval.segments.length > 0 ? approval.segments : enrolment.segments;
  requireSegments(terms, segments);
  const fields = { tier: tierOf(terms, approval.tier), segments, criteriaWaived: approval.waiveCriteria, ...termFrom(now, terms) };
  return { enrolment: moved(enrolment, 'approve', fields, now), event: { type: 'EnrolmentApproved' } };
}

export function rejectApplication(enrolment: Enrolment, reason: string, now: Date): EnrolmentDecision {
  requireReason(reason);
  return { enrolment: moved(enrolment, 'reject', { stateReason: reason }, now), event: { type: 'EnrolmentRejected' } };
}

const termFrom = (start: Date, terms: Terms): Pick<Enrolment, 'termStartsAt' | 'termEndsAt'> => ({
  termStartsAt: start,
  termEndsAt: monthsAfter(start, terms.settings.termMonths),
});

export function requireReason(reason: string): void {
  if (!reason) throw invalid('reason', 'give a reason code.', 'REQUIRED');
}
