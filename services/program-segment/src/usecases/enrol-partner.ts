import { invalid } from '@openprm/errors';
import type { Scope } from '@openprm/access';
import { transact, type Command } from '@openprm/postgres';
import { loadEntrance, lockPartner, type Entry } from '../db/desks';
import type { EnrolmentView } from '../db/enrolments';
import type { Visibility } from '../db/programs';
import type { Deps } from '../deps';
import { applyForProgram as apply, invitePartner as invite, type EnrolledPartner, type Sponsor } from '../domain/enrol';
import type { EnrolmentDecision } from '../domain/enrolment';
import type { Program } from '../domain/program';
import { because, storeSteps } from './store';

interface Target extends Entry {
  segments: string[];
}

export interface InviteInput extends Target {
  tier: string;
  waiveCriteria: boolean;
  comment: string;
}

/** Invites a partner of the scope into a published program. */
export const invitePartner = (deps: Deps, command: Command, scope: Scope, input: InviteInput): Promise<EnrolmentView> =>
  enrol(deps, command, scope, { enterprise: true }, input, { move: 'invite', comment: input.comment }, (partner, program, sponsor) =>
    invite(deps.newId(), partner, program, { ...input, sponsor }, command.now),
  );

export interface ApplyInput extends Target {
  text: string;
  termsVersion: string;
}

/** Applies for a program that the caller can see. */
export const applyForProgram = (
  deps: Deps,
  command: Command,
  scope: Scope,
  visibility: Visibility,
  input: ApplyInput,
): Promise<EnrolmentView> =>
  enrol(deps, command, scope, visibility, input, { move: 'apply' }, (partner, program, sponsor) =>
    apply(deps.newId(), partner, program, { ...input, sponsor, appliedBy: command.actor.personId }, command.now),
  );

type Rule = (partner: EnrolledPartner, program: Program, sponsor: Sponsor | null) => EnrolmentDecision;

function enrol(
  deps: Deps,
  command: Command,
  scope: Scope,
  visibility: Visibility,
  input: Target,
  why: { move: string; comment?: string },
  rule: Rule,
): Promise<EnrolmentView> {
  return transact(deps, command, async (tx) => {
    await lockPartner(tx, input.partnerId);
    const { desk, program, sponsorTakesPart } = await loadEntrance(tx, scope, visibility, input);
    if (!desk) throw invalid('partner_id', 'is not a partner you act for.', 'UNKNOWN_PARTNER');
    if (!program) throw invalid('program_id', 'is not a program you can see.', 'UNKNOWN_PROGRAM');
    const sponsor = input.sponsorPartnerId ? { partnerId: input.sponsorPartnerId, takesPart: sponsorTakesPart } : null;
    const decision = rule(desk.partner, program, sponsor);
    return storeSteps(
      tx,
      deps,
      desk,
      [{ before: null, decision, program, why: because(command, why.move, { comment: why.comment }) }],
      command.now,
    )[0]!;
  });
}
