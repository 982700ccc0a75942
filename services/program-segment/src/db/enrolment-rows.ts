import type { Enrolment, EnrolmentState } from '../domain/enrolment';
import type { Override } from '../domain/entitlements';
import { timesOf } from './program-rows';

export interface EnrolmentRow {
  id: string;
  version: number;
  partner_id: string;
  program_id: string;
  program_number: number;
  state: EnrolmentState;
  tier: string;
  segments: string[];
  overrides: Override[];
  sponsor_partner_id: string | null;
  application_text: string;
  applied_by: string | null;
  state_reason: string;
  accepted_terms_version: string;
  terms_accepted_at: Date | null;
  terms_due_at: Date | null;
  invitation_expires_at: Date | null;
  term_starts_at: Date | null;
  term_ends_at: Date | null;
  exit_at: Date | null;
  criteria_waived: boolean;
  external_id: string | null;
  created_at: Date;
  updated_at: Date;
}

export const toEnrolmentRow = (enrolment: Enrolment) => ({
  id: enrolment.id,
  version: enrolment.version,
  partner_id: enrolment.partnerId,
  program_id: enrolment.programId,
  program_number: enrolment.programNumber,
  state: enrolment.state,
  tier: enrolment.tier,
  segments: enrolment.segments,
  overrides: enrolment.overrides,
  sponsor_partner_id: enrolment.sponsorPartnerId,
  application_text: enrolment.applicationText,
  applied_by: enrolment.appliedBy,
  state_reason: enrolment.stateReason,
  accepted_terms_version: enrolment.acceptedTermsVersion,
  terms_accepted_at: enrolment.termsAcceptedAt,
  terms_due_at: enrolment.termsDueAt,
  invitation_expires_at: enrolment.invitationExpiresAt,
  term_starts_at: enrolment.termStartsAt,
  term_ends_at: enrolment.termEndsAt,
  exit_at: enrolment.exitAt,
  criteria_waived: enrolment.criteriaWaived,
  external_id: enrolment.externalId,
  created_at: enrolment.createdAt,
  updated_at: enrolment.updatedAt,
});

export const fromEnrolmentRow = (row: EnrolmentRow): Enrolment => ({
  id: row.id,
  version: row.version,
  partnerId: row.partner_id,
  programId: row.program_id,
  programNumber: row.program_number,
  state: row.state,
  tier: row.tier,
  segments: row.segments,
  overrides: row.overrides,
  sponsorPartnerId: row.sponsor_partner_id,
  applicationText: row.application_text,
  appliedBy: row.applied_by,
  stateReason: row.state_reason,
  acceptedTermsVersion: row.accepted_terms_version,
  termsAcceptedAt: row.terms_accepted_at,
  termsDueAt: row.terms_due_at,
  invitationExpiresAt: row.invitation_expires_at,
  termStartsAt: row.term_starts_at,
  termEndsAt: row.term_ends_at,
  exitAt: row.exit_at,
  criteriaWaived: row.criteria_waived,
  externalId: row.external_id,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const TIMES = [
  'terms_accepted_at',
  'terms_due_at',
  'invitation_expires_at',
  'term_starts_at',
  'term_ends_at',
  'exit_at',
  'created_at',
  'updated_at',
] as const;

/** An enrolment row that came inside JSON, where times are texts. */
export const fromEnrolmentJson = (json: EnrolmentRow): Enrolment => fromEnrolmentRow({ ...json, ...timesOf(json, [...TIMES]) });
