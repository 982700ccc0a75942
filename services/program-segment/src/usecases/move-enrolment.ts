import type { Scope } from '@openprm/access';
import { transact, type Command } from '@openprm/postgres';
import { loadSubject, lockPartnerOf, type Subject } from '../db/desks';
import type { EnrolmentView } from '../db/enrolments';
import type { Deps } from '../deps';
import { acceptInvitation, approveApplication, declineInvitation, rejectApplication, type Approval } from '../domain/answer';
import type { EnrolmentDecision } from '../domain/enrolment';
import type { Override } from '../domain/entitlements';
import { assignSegments, changeTier, setOverrides } from '../domain/grade';
import { acceptChangedTerms, reinstateEnrolment, renewEnrolment, requestExit, suspendEnrolment, terminateEnrolment } from '../domain/hold';
import { because, checkEtag, storeSteps } from './store';

/** Which enrolment, where the caller may move it, and what is written down about it. */
export interface Target {
  id: string;
  etag: string;
  scope: Scope;
  reason?: string;
  comment?: string;
  note?: string;
}

type Rule = (subject: Subject, now: Date) => EnrolmentDecision;

/** Lock, load, rule, store: the way of every move that a person makes. Three statements. */
function move(deps: Deps, command: Command, name: string, target: Target, rule: Rule): Promise<EnrolmentView> {
  return transact(deps, command, async (tx) => {
    await lockPartnerOf(tx, target.id);
    const subject = await loadSubject(tx, target.scope, target.id);
    checkEtag(String(subject.enrolment.version), target.etag);
    const decision = rule(subject, command.now);
    const program = decision.enrolment.programNumber === subject.own.number ? subject.own : subject.published!;
    const why = because(command, name, { reason: target.reason, comment: target.comment, internalNote: target.note });
    return storeSteps(tx, deps, subject.desk, [{ before: subject.enrolment, decision, program, why }], command.now)[0]!;
  });
}

export const acceptEnrolment = (deps: Deps, command: Command, target: Target, termsVersion: string): Promise<EnrolmentView> =>
  move(deps, command, 'accept', target, ({ enrolment, desk, own }, now) =>
    acceptInvitation(enrolment, desk.partner, own.terms, termsVersion, now),
  );

export const declineEnrolment = (deps: Deps, command: Command, target: Target): Promise<EnrolmentView> =>
  move(deps, command, 'decline', target, ({ enrolment }, now) => declineInvitation(enrolment, target.reason ?? '', now));

export const approveEnrolment = (
  deps: Deps,
  command: Command,
  target: Target,
  approval: Omit<Approval, 'approvedBy'>,
): Promise<EnrolmentView> =>
  move(deps, command, 'approve', target, ({ enrolment, desk, own }, now) =>
    approveApplication(enrolment, desk.partner, own.terms, { ...approval, approvedBy: command.actor.personId }, now),
  );

export const rejectEnrolment = (deps: Deps, command: Command, target: Target): Promise<EnrolmentView> =>
  move(deps, command, 'reject', target, ({ enrolment }, now) => rejectApplication(enrolment, target.reason ?? '', now));

export const suspend = (deps: Deps, command: Command, target: Target): Promise<EnrolmentView> =>
  move(deps, command, 'suspend', target, ({ enrolment }, now) => suspendEnrolment(enrolment, target.reason ?? '', now));

export const reinstate = (deps: Deps, command: Command, target: Target): Promise<EnrolmentView> =>
  move(deps, command, 'reinstate', target, ({ enrolment, desk }, now) => reinstateEnrolment(enrolment, desk.partner, now));

/** The enterprise ends at once, the partner gives notice. */
export const terminate = (deps: Deps, command: Command, target: Target): Promise<EnrolmentView> =>
  move(deps, command, byPartner(command) ? 'requestExit' : 'terminate', target, ({ enrolment, own }, now) =>
    byPartner(command)
      ? requestExit(enrolment, own.terms, target.reason ?? '', now)
      : terminateEnrolment(enrolment, target.reason ?? '', now),
  );

export const renew = (deps: Deps, command: Command, target: Target, termsVersion: string): Promise<EnrolmentView> =>
  move(deps, command, 'renew', target, ({ enrolment, own, published }, now) =>
    renewEnrolment(enrolment, own, published, { termsVersion, byPartner: byPartner(command) }, now),
  );

export const acceptTerms = (deps: Deps, command: Command, target: Target, termsVersion: string): Promise<EnrolmentView> =>
  move(deps, command, 'acceptTerms', target, ({ enrolment, own }, now) => acceptChangedTerms(enrolment, own.terms, termsVersion, now));

export const changeEnrolmentTier = (deps: Deps, command: Command, target: Target, tier: string): Promise<EnrolmentView> =>
  move(deps, command, 'changeTier', target, ({ enrolment, own }, now) => changeTier(enrolment, own.terms, tier, target.reason ?? '', now));

export const assignEnrolmentSegments = (deps: Deps, command: Command, target: Target, segments: string[]): Promise<EnrolmentView> =>
  move(deps, command, 'assignSegments', target, ({ enrolment, own }, now) => assignSegments(enrolment, own.terms, segments, now));

export const setEnrolmentOverrides = (deps: Deps, command: Command, target: Target, overrides: Override[]): Promise<EnrolmentView> =>
  move(deps, command, 'setOverrides', target, ({ enrolment }, now) => setOverrides(enrolment, overrides, target.reason ?? '', now));

const byPartner = (command: Command): boolean => command.actor.side === 'PARTNER';
