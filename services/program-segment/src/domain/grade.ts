import { failedPrecondition, invalid, invalidFields } from '@openprm/errors';
import { requireReason } from './answer';
import { requireSegments, tierOf } from './enrol';
import { moved, stateAfter, type Enrolment, type EnrolmentDecision } from './enrolment';
import { entitlementFault, type Override } from './entitlements';
import type { Terms } from './terms';

/** Tier, segments and overrides of a member, set by hand. Automatic evaluation will decide through the same functions. */

export function changeTier(enrolment: Enrolment, terms: Terms, asked: string, reason: string, now: Date): EnrolmentDecision {
  stateAfter('changeTier', enrolment.state);
  requireReason(reason);
  if (!asked) throw invalid('tier', 'name the new tier.', 'REQUIRED');
  const tier = tierOf(terms, asked);
  if (tier === enrolment.tier) throw failedPrecondition('NO_CHANGE', `The tier is ${tier} already.`);
  return {
    enrolment: moved(enrolment, 'changeTier', { tier }, now),
    event: { type: 'EnrolmentTierChanged', previousTier: enrolment.tier, reason },
  };
}

export function assignSegments(enrolment: Enrolment, terms: Terms, segments: string[], now: Date): EnrolmentDecision {
  stateAfter('assignSegments', enrolment.state);
  requireSegments(terms, segments);
  return {
    enrolment: moved(enrolment, 'assignSegments', { segments }, now),
    event: { type: 'EnrolmentSegmentsAssigned', previousSegments: enrolment.segments },
  };
}

export function setOverrides(enrolment: Enrolment, overrides: Override[], reason: string, now: Date): EnrolmentDecision {
  stateAfter('setOverrides', enrolment.state);
  requireReason(reason);
  const violations = overrides.flatMap(({ key, value }, at) => {
    const fault =
      overrides.findIndex((each) => each.key === key) < at
        ? { reason: 'REPEATED', description: `${key} is set twice.` }
        : entitlementFault(key, value);
    return fault ? [{ field: `overrides[${at}]`, ...fault }] : [];
  });
  if (violations.length > 0) throw invalidFields(violations);
  return { enrolment: moved(enrolment, 'setOverrides', { overrides }, now), event: { type: 'EnrolmentOverridesSet' } };
}
