import { invalid } from '@openprm/errors';
import type { Scope } from '@openprm/access';
import { transact, type Command, type Tx } from '@openprm/postgres';
import { findDesk, lockPartner, sponsorTakesPart, type Desk } from '../db/desks';
import type { EnrolmentView } from '../db/enrolments';
import { findOffer, type Visibility } from '../db/programs';
import type { Deps } from '../deps';
import { applyForProgram as apply, invitePartner as invite, type EnrolledPartner, type Sponsor } from '../domain/enrol';
import type { EnrolmentDecision } from '../domain/enrolment';
import type { Program } from '../domain/program';
import { because, storeSteps } from './store';

interface Target {
  partnerId: string;
  programId: string;
  sponsorPartnerId: string;
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
export const applyForProgram = (deps: Deps, command: Command, scope: Scope, visibility: Visibility, input: ApplyInput): Promise<EnrolmentView> =>
  enrol(deps, command, scope, visibility, input, { move: 'apply' }, (partner, program, sponsor) =>
    apply(deps.newId(), partner, program, { ...input, sponsor, appliedBy: command.actor.personId }, command.now),
  );

type Rule = (partner: EnrolledPartner, program: Program, sponsor: Sponsor | null) => EnrolmentDecision;

function enrol(deps: Deps, command: Command, scope: Scope, visibility: Visibility, input: Target, why: { move: string; comment?: string }, rule: Rule): Promise<EnrolmentView> {
  return transact(deps, command, async (tx) => {
    const desk = await takeDesk(tx, scope, input.partnerId);
    const sponsor = input.sponsorPartnerId ? await loadSponsor(tx, input) : null;
    const program = await findOffer(tx, visibility, input.programId, sponsor?.takesPart ? sponsor.partnerId : null);
    const decision = rule(desk.partner, program, sponsor);
    return storeSteps(tx, deps, desk, [{ before: null, decision, program, why: because(command, why.move, { comment: why.comment }) }], command.now)[0]!;
  });
}

async function takeDesk(tx: Tx, scope: Scope, partnerId: string): Promise<Desk> {
  await lockPartner(tx, partnerId);
  const desk = await findDesk(tx, scope, partnerId);
  if (!desk) throw invalid('partner_id', 'is not a partner you act for.', 'UNKNOWN_PARTNER');
  return desk;
}

const loadSponsor = async (tx: Tx, input: Target): Promise<Sponsor> => ({
  partnerId: input.sponsorPartnerId,
  takesPart: await sponsorTakesPart(tx, input.sponsorPartnerId, input.partnerId, input.programId),
});
