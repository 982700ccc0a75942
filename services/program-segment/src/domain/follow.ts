import { moved, type Enrolment, type EnrolmentDecision } from './enrolment';

/** What the system does by itself: at the end of a period, and when the partner itself changes. */

export const PARTNER_SUSPENDED = 'PARTNER_SUSPENDED';
export const PARTNER_TERMINATED = 'PARTNER_TERMINATED';
export const TERMS_NOT_ACCEPTED = 'TERMS_NOT_ACCEPTED';
export const NOTICE_RUN = 'NOTICE_RUN';

/** The move that time makes due, or null. Notice comes first: an enrolment that has ended needs nothing else. */
export function followClock(enrolment: Enrolment, now: Date): EnrolmentDecision | null {
  const passed = (time: Date | null): boolean => time !== null && time <= now;
  if (isHeld(enrolment) && passed(enrolment.exitAt)) return terminated(enrolment, NOTICE_RUN, now);
  if (enrolment.state === 'ACTIVE' && passed(enrolment.termsDueAt)) return frozen(enrolment, TERMS_NOT_ACCEPTED, now);
  if (enrolment.state === 'INVITED' && passed(enrolment.invitationExpiresAt)) return expired(enrolment, 'NO_ANSWER', now);
  return null;
}

/** The move that follows from the partner's state, or null when the enrolment is as it should be. */
export function followPartner(enrolment: Enrolment, partnerState: string, now: Date): EnrolmentDecision | null {
  if (partnerState === 'TERMINATED') return ended(enrolment, now);
  if (partnerState === 'SUSPENDED') return enrolment.state === 'ACTIVE' ? frozen(enrolment, PARTNER_SUSPENDED, now) : null;
  return enrolment.state === 'SUSPENDED' && enrolment.stateReason === PARTNER_SUSPENDED ? thawed(enrolment, now) : null;
}

function ended(enrolment: Enrolment, now: Date): EnrolmentDecision | null {
  if (isHeld(enrolment)) return terminated(enrolment, PARTNER_TERMINATED, now);
  if (enrolment.state === 'INVITED') return expired(enrolment, PARTNER_TERMINATED, now);
  if (enrolment.state !== 'APPLIED') return null;
  return { enrolment: moved(enrolment, 'giveUp', { stateReason: PARTNER_TERMINATED }, now), event: { type: 'EnrolmentRejected' } };
}

const isHeld = ({ state }: Enrolment): boolean => state === 'ACTIVE' || state === 'SUSPENDED';

const frozen = (enrolment: Enrolment, stateReason: string, now: Date): EnrolmentDecision => ({
  enrolment: moved(enrolment, 'freeze', { stateReason }, now),
  event: { type: 'EnrolmentSuspended' },
});

const thawed = (enrolment: Enrolment, now: Date): EnrolmentDecision => ({
  enrolment: moved(enrolment, 'thaw', { stateReason: '' }, now),
  event: { type: 'EnrolmentReinstated' },
});

const terminated = (enrolment: Enrolment, stateReason: string, now: Date): EnrolmentDecision => ({
  enrolment: moved(enrolment, 'terminate', { stateReason, exitAt: null }, now),
  event: { type: 'EnrolmentTerminated' },
});

const expired = (enrolment: Enrolment, stateReason: string, now: Date): EnrolmentDecision => ({
  enrolment: moved(enrolment, 'expire', { stateReason, invitationExpiresAt: null }, now),
  event: { type: 'EnrolmentExpired' },
});
