import { failedPrecondition, invalid, invalidFields } from '@openprm/errors';
import type { Enrolment, EnrolmentDecision } from './enrolment';
import { daysAfter, monthsAfter } from './calendar';
import type { Program } from './program';
import type { Terms } from './terms';

/** What is known of the partner that takes part. */
export interface EnrolledPartner {
  id: string;
  state: string;
}

/** An organisation above the partner in whose program it takes part; `takesPart` says that it is ACTIVE in that program. */
export interface Sponsor {
  partnerId: string;
  takesPart: boolean;
}

export interface Wish {
  tier: string;
  segments: string[];
  sponsor: Sponsor | null;
}

export interface Invitation extends Wish {
  waiveCriteria: boolean;
}

export interface Application extends Omit<Wish, 'tier'> {
  text: string;
  termsVersion: string;
  appliedBy: string | null;
}

/** Invites a partner into the published version. */
export function invitePartner(
  id: string,
  partner: EnrolledPartner,
  program: Program,
  invitation: Invitation,
  now: Date,
): EnrolmentDecision {
  const { terms } = program;
  const enrolment: Enrolment = {
    ...newEnrolment(id, partner, program, invitation, now),
    state: 'INVITED',
    tier: tierOf(terms, invitation.tier),
    criteriaWaived: invitation.waiveCriteria,
    invitationExpiresAt: daysAfter(now, terms.settings.invitationDays),
  };
  return { enrolment, event: { type: 'EnrolmentInvited' } };
}

/** Applies for a program that is open. Below a sponsor it need not be: the sponsor's part opens it. */
export function applyForProgram(
  id: string,
  partner: EnrolledPartner,
  program: Program,
  application: Application,
  now: Date,
): EnrolmentDecision {
  const { terms } = program;
  if (!terms.openForApplication && !application.sponsor)
    throw failedPrecondition('NOT_OPEN_FOR_APPLICATION', 'The program is by invitation only: ask your relationship manager.');
  const accepted = acceptedTerms(terms, application.termsVersion, now);
  const enrolment: Enrolment = {
    ...newEnrolment(id, partner, program, { ...application, tier: '' }, now),
    ...accepted,
    state: 'APPLIED',
    applicationText: application.text,
    appliedBy: application.appliedBy,
  };
  return { enrolment, event: { type: 'EnrolmentApplied' } };
}

export interface Import {
  externalId: string;
  tier: string;
  segments: string[];
  termStartsAt: Date;
}

const EARLIEST = new Date('1970-01-01T00:00:00.000Z');

/** Records an enrolment that is in force already. */
export function importEnrolment(id: string, partner: EnrolledPartner, program: Program, item: Import, now: Date): EnrolmentDecision {
  if (item.termStartsAt > now || item.termStartsAt < EARLIEST)
    throw invalid('term_start_time', 'lies in the past, from 1970 on.', 'OUT_OF_RANGE');
  const { terms } = program;
  const enrolment: Enrolment = {
    ...newEnrolment(id, partner, program, { ...item, sponsor: null }, now),
    state: 'ACTIVE',
    tier: tierOf(terms, item.tier),
    acceptedTermsVersion: terms.termsVersion,
    termStartsAt: item.termStartsAt,
    termEndsAt: monthsAfter(item.termStartsAt, terms.settings.termMonths),
    criteriaWaived: true,
    externalId: item.externalId,
  };
  return { enrolment, event: { type: 'EnrolmentImported' } };
}

function newEnrolment(id: string, partner: EnrolledPartner, program: Program, wish: Wish, now: Date): Enrolment {
  requireTrading(partner);
  if (program.state !== 'PUBLISHED')
    throw failedPrecondition('PROGRAM_NOT_PUBLISHED', 'The program has no version in force: publish it first.');
  requireSegments(program.terms, wish.segments);
  if (wish.sponsor && !wish.sponsor.takesPart) {
    throw failedPrecondition('SPONSOR_NOT_ENROLLED', 'The sponsor has to stand above the partner and take part in the program itself.');
  }
  return {
    id,
    version: 1,
    partnerId: partner.id,
    programId: program.programId,
    programNumber: program.number,
    state: 'INVITED',
    tier: '',
    segments: wish.segments,
    overrides: [],
    sponsorPartnerId: wish.sponsor?.partnerId ?? null,
    applicationText: '',
    appliedBy: null,
    stateReason: '',
    acceptedTermsVersion: '',
    termsAcceptedAt: null,
    termsDueAt: null,
    invitationExpiresAt: null,
    termStartsAt: null,
    termEndsAt: null,
    exitAt: null,
    criteriaWaived: false,
    externalId: null,
    createdAt: now,
    updatedAt: now,
  };
}

/** A prospect may be enrolled, so that everything is in place on the day it becomes active. */
export function requireTrading(partner: EnrolledPartner): void {
  if (partner.state === 'PROSPECT' || partner.state === 'ACTIVE') return;
  throw failedPrecondition('PARTNER_NOT_ACTIVE', `The partner is ${partner.state}.`);
}

/** The tier named, or the one new members get. */
export function tierOf(terms: Terms, asked: string): string {
  const tier = asked || terms.defaultTier;
  if (tier && !terms.tiers.some((each) => each.code === tier))
    throw invalid(
      'tier',
      `"${tier}" is not a tier of the program: ${terms.tiers.map((each) => each.code).join(', ') || 'it has none'}.`,
      'UNKNOWN_TIER',
    );
  return tier;
}

export function requireSegments(terms: Terms, segments: string[]): void {
  const unknown = segments.filter((code) => !terms.segments.includes(code));
  if (unknown.length > 0)
    throw invalidFields(
      unknown.map((code) => ({ field: 'segments', description: `"${code}" is not linked to the program.`, reason: 'UNKNOWN_SEGMENT' })),
    );
}

/** Terms are accepted by naming their version, so that nobody accepts what was changed meanwhile. */
export function acceptedTerms(
  terms: Terms,
  version: string,
  now: Date,
): Pick<Enrolment, 'acceptedTermsVersion' | 'termsAcceptedAt' | 'termsDueAt'> {
  if (version !== terms.termsVersion) {
    throw failedPrecondition(
      'TERMS_OUTDATED',
      `The terms in force are version "${terms.termsVersion}": read them and accept that version.`,
      { terms_version: terms.termsVersion, terms_url: terms.termsUrl },
    );
  }
  return { acceptedTermsVersion: version, termsAcceptedAt: now, termsDueAt: null };
}
