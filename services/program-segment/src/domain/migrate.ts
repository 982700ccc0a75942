import { daysAfter } from './calendar';
import { moved, type Enrolment, type EnrolmentDecision } from './enrolment';
import type { Program } from './program';

/** Lets an enrolment follow a newer version of its program. */
export function migrateEnrolment(enrolment: Enrolment, program: Program, now: Date): EnrolmentDecision {
  return {
    enrolment: moved(enrolment, 'migrate', onVersion(enrolment, program, now), now),
    event: { type: 'EnrolmentMigrated', previousVersion: enrolment.programNumber },
  };
}

/** A tier or segment that the version lacks falls away; changed terms become due. */
export function onVersion(
  enrolment: Enrolment,
  program: Program,
  now: Date,
): Pick<Enrolment, 'programNumber' | 'tier' | 'segments' | 'termsDueAt'> {
  const { terms } = program;
  const kept = terms.tiers.some((tier) => tier.code === enrolment.tier);
  const inForce = enrolment.state === 'ACTIVE' || enrolment.state === 'SUSPENDED';
  const due = inForce && terms.termsVersion !== enrolment.acceptedTermsVersion;
  return {
    programNumber: program.number,
    // An application has no tier yet; it gets one on approval.
    tier: kept || enrolment.state === 'APPLIED' ? enrolment.tier : terms.defaultTier,
    segments: enrolment.segments.filter((code) => terms.segments.includes(code)),
    termsDueAt: due ? (enrolment.termsDueAt ?? daysAfter(now, terms.settings.termsAcceptanceDays)) : null,
  };
}
