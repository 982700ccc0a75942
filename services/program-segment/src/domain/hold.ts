import { daysAfter, monthsAfter } from './calendar';
import { requireReason } from './answer';
import { acceptedTerms, requireTrading, type EnrolledPartner } from './enrol';
import { moved, stateAfter, type Enrolment, type EnrolmentDecision } from './enrolment';
import { failedPrecondition } from '@openprm/errors';
import type { Program } from './program';
import type { Terms } from './terms';
import { onVersion } from './migrate';

/** Holding an enrolment back, ending it, prolonging it: by people. */

export function suspendEnrolment(enrolment: Enrolment, reason: string, now: Date): EnrolmentDecision {
  requireReason(reason);
  return { enrolment: moved(enrolment, 'suspend', { stateReason: reason }, now), event: { type: 'EnrolmentSuspended' } };
}

export function reinstateEnrolment(enrolment: Enrolment, partner: EnrolledPartner, now: Date): EnrolmentDecision {
  stateAfter('reinstate', enrolment.state);
  requireTrading(partner);
  return { enrolment: moved(enrolment, 'reinstate', { stateReason: '', termsDueAt: null }, now), event: { type: 'EnrolmentReinstated' } };
}

/** Ends at once. */
export function terminateEnrolment(enrolment: Enrolment, reason: string, now: Date): EnrolmentDecision {
  requireReason(reason);
  return { enrolment: moved(enrolment, 'terminate', { stateReason: reason, exitAt: null }, now), event: { type: 'EnrolmentTerminated' } };
}

/** The partner gives notice: the enrolment stands until the notice has run. */
export function requestExit(enrolment: Enrolment, terms: Terms, reason: string, now: Date): EnrolmentDecision {
  requireReason(reason);
  stateAfter('terminate', enrolment.state);
  if (enrolment.exitAt)
    throw failedPrecondition('NO_CHANGE', `Notice was given already; the enrolment ends at ${enrolment.exitAt.toISOString()}.`);
  const exitAt = daysAfter(now, terms.settings.exitNoticeDays);
  // Not through `moved`: the state stays until the notice has run.
  return { enrolment: { ...enrolment, exitAt, version: enrolment.version + 1, updatedAt: now }, event: { type: 'EnrolmentExitRequested' } };
}

export interface Renewal {
  /** Version of the terms the partner accepts; the enterprise renews without one. */
  termsVersion: string;
  byPartner: boolean;
}

/** Begins a new term after the present one, under the version in force, or under its own when the program has none. */
export function renewEnrolment(
  enrolment: Enrolment,
  own: Program,
  published: Program | null,
  renewal: Renewal,
  now: Date,
): EnrolmentDecision {
  stateAfter('renew', enrolment.state);
  const program = published ?? own;
  const { terms } = program;
  if (renewal.byPartner) requireWindow(enrolment, own.terms, now);
  const accepted = renewal.byPartner || renewal.termsVersion ? acceptedTerms(terms, renewal.termsVersion, now) : {};
  const start = enrolment.termEndsAt && enrolment.termEndsAt > now ? enrolment.termEndsAt : now;
  const term = { termStartsAt: start, termEndsAt: monthsAfter(start, terms.settings.termMonths), exitAt: null };
  const version = program.number === enrolment.programNumber ? {} : onVersion(enrolment, program, now);
  return { enrolment: moved(enrolment, 'renew', { ...version, ...accepted, ...term }, now), event: { type: 'EnrolmentRenewed' } };
}

function requireWindow(enrolment: Enrolment, terms: Terms, now: Date): void {
  if (!enrolment.termEndsAt) return;
  const opens = daysAfter(enrolment.termEndsAt, -terms.settings.renewalWindowDays);
  if (opens > now)
    throw failedPrecondition('RENEWAL_TOO_EARLY', `The term can be renewed from ${opens.toISOString().slice(0, 10)} on.`, {
      from: opens.toISOString(),
    });
}

/** The partner accepts the terms of the version that holds. */
export function acceptChangedTerms(enrolment: Enrolment, terms: Terms, termsVersion: string, now: Date): EnrolmentDecision {
  stateAfter('acceptTerms', enrolment.state);
  const accepted = acceptedTerms(terms, termsVersion, now);
  return { enrolment: moved(enrolment, 'acceptTerms', accepted, now), event: { type: 'EnrolmentTermsAccepted' } };
}
