import { nextState, possibleMoves, type Moves } from '@openprm/moves';
import type { Role } from '@openprm/access';
import type { Override } from './entitlements';

export type EnrolmentState = 'INVITED' | 'APPLIED' | 'ACTIVE' | 'SUSPENDED' | 'TERMINATED' | 'DECLINED' | 'REJECTED' | 'EXPIRED';

export type EnrolmentMove =
  | 'accept'
  | 'decline'
  | 'approve'
  | 'reject'
  | 'suspend'
  | 'reinstate'
  | 'terminate'
  | 'renew'
  | 'acceptTerms'
  | 'changeTier'
  | 'assignSegments'
  | 'setOverrides'
  | SystemMove;

/** Moves of timers and consumers; nobody may ask for them. */
export type SystemMove = 'freeze' | 'thaw' | 'expire' | 'giveUp' | 'migrate';

export interface Enrolment {
  id: string;
  version: number;
  partnerId: string;
  programId: string;
  /** Number of the program version whose terms hold. */
  programNumber: number;
  state: EnrolmentState;
  /** Empty in a program without tiers. */
  tier: string;
  segments: string[];
  overrides: Override[];
  /** Organisation above the partner in whose program it takes part. */
  sponsorPartnerId: string | null;
  applicationText: string;
  /** Who applied; somebody else approves. */
  appliedBy: string | null;
  stateReason: string;
  acceptedTermsVersion: string;
  termsAcceptedAt: Date | null;
  termsDueAt: Date | null;
  invitationExpiresAt: Date | null;
  termStartsAt: Date | null;
  termEndsAt: Date | null;
  /** End after the partner gave notice. */
  exitAt: Date | null;
  criteriaWaived: boolean;
  externalId: string | null;
  createdAt: Date;
  updatedAt: Date;
}

const HELD: EnrolmentState[] = ['ACTIVE', 'SUSPENDED'];

/** States in which a partner counts as taking part or about to; one per partner and program. */
export const OPEN: EnrolmentState[] = ['INVITED', 'APPLIED', 'ACTIVE', 'SUSPENDED'];

/**
 * The life of an enrolment. `suspend` and `reinstate` are for people; `freeze` and `thaw` are the same for the system, which only lifts what
 * it laid itself. `expire` ends an invitation, `giveUp` an application whose partner ended.
 */
export const enrolmentMoves: Moves<EnrolmentState, EnrolmentMove> = {
  accept: { from: ['INVITED'], to: 'ACTIVE' },
  decline: { from: ['INVITED'], to: 'DECLINED' },
  approve: { from: ['APPLIED'], to: 'ACTIVE' },
  reject: { from: ['APPLIED'], to: 'REJECTED' },
  suspend: { from: ['ACTIVE'], to: 'SUSPENDED' },
  reinstate: { from: ['SUSPENDED'], to: 'ACTIVE' },
  terminate: { from: HELD, to: 'TERMINATED' },
  renew: { from: ['ACTIVE'], to: 'ACTIVE' },
  // The next five keep the state they find; see `stateAfter`.
  acceptTerms: { from: HELD, to: 'ACTIVE' },
  changeTier: { from: HELD, to: 'ACTIVE' },
  assignSegments: { from: HELD, to: 'ACTIVE' },
  setOverrides: { from: HELD, to: 'ACTIVE' },
  migrate: { from: OPEN, to: 'ACTIVE' },
  freeze: { from: ['ACTIVE'], to: 'SUSPENDED' },
  thaw: { from: ['SUSPENDED'], to: 'ACTIVE' },
  expire: { from: ['INVITED'], to: 'EXPIRED' },
  giveUp: { from: ['APPLIED'], to: 'REJECTED' },
};

const KEEPING: EnrolmentMove[] = ['acceptTerms', 'changeTier', 'assignSegments', 'setOverrides', 'migrate'];

/** State after a move; throws ILLEGAL_MOVE. */
export function stateAfter(move: EnrolmentMove, state: EnrolmentState): EnrolmentState {
  const to = nextState(enrolmentMoves, move, state);
  return KEEPING.includes(move) ? state : to;
}

/** Who may make a move; the system's are in nobody's row. */
export const mayMove: Record<Exclude<EnrolmentMove, SystemMove>, readonly Role[]> = {
  accept: ['PARTNER_ADMIN'],
  decline: ['PARTNER_ADMIN'],
  approve: ['ENTERPRISE_ADMIN', 'RELATIONSHIP_MANAGER'],
  reject: ['ENTERPRISE_ADMIN', 'RELATIONSHIP_MANAGER'],
  suspend: ['ENTERPRISE_ADMIN', 'RELATIONSHIP_MANAGER'],
  reinstate: ['ENTERPRISE_ADMIN'],
  terminate: ['ENTERPRISE_ADMIN', 'PARTNER_ADMIN'],
  renew: ['ENTERPRISE_ADMIN', 'PARTNER_ADMIN'],
  acceptTerms: ['PARTNER_ADMIN'],
  changeTier: ['ENTERPRISE_ADMIN', 'RELATIONSHIP_MANAGER'],
  assignSegments: ['ENTERPRISE_ADMIN', 'RELATIONSHIP_MANAGER'],
  setOverrides: ['ENTERPRISE_ADMIN'],
};

/** Moves that somebody with these roles may make now. Whoever applied does not approve. */
export function enrolmentMovesFor(enrolment: Enrolment, roles: ReadonlySet<Role>, personId: string): string[] {
  const possible = possibleMoves(enrolmentMoves, enrolment.state).filter((move): move is keyof typeof mayMove => move in mayMove);
  return possible.filter((move) => mayMove[move].some((role) => roles.has(role)) && makesSense(move, enrolment, personId));
}

function makesSense(move: EnrolmentMove, enrolment: Enrolment, personId: string): boolean {
  if (move === 'acceptTerms') return enrolment.termsDueAt !== null;
  return move !== 'approve' || enrolment.appliedBy === null || enrolment.appliedBy !== personId;
}

export type EnrolmentEvent =
  | {
      type:
        | 'EnrolmentInvited'
        | 'EnrolmentApplied'
        | 'EnrolmentAccepted'
        | 'EnrolmentDeclined'
        | 'EnrolmentApproved'
        | 'EnrolmentRejected'
        | 'EnrolmentSuspended'
        | 'EnrolmentReinstated'
        | 'EnrolmentExitRequested'
        | 'EnrolmentTerminated'
        | 'EnrolmentRenewed'
        | 'EnrolmentExpired'
        | 'EnrolmentTermsAccepted'
        | 'EnrolmentOverridesSet'
        | 'EnrolmentImported';
    }
  | { type: 'EnrolmentTierChanged'; previousTier: string; reason: string }
  | { type: 'EnrolmentSegmentsAssigned'; previousSegments: string[] }
  | { type: 'EnrolmentMigrated'; previousVersion: number };

export interface EnrolmentDecision {
  enrolment: Enrolment;
  event: EnrolmentEvent;
}

/** The enrolment after a move: next state, next version, with the fields the move sets. */
export const moved = (enrolment: Enrolment, move: EnrolmentMove, fields: Partial<Enrolment>, now: Date): Enrolment => ({
  ...enrolment,
  ...fields,
  state: stateAfter(move, enrolment.state),
  version: enrolment.version + 1,
  updatedAt: now,
});
