import { failedPrecondition, invalid, permissionDenied } from '@openprm/errors';
import { nextState, type Moves } from '@openprm/moves';

export type PartnerState = 'PROSPECT' | 'ACTIVE' | 'SUSPENDED' | 'TERMINATED';
export type PartnerMove = 'activate' | 'suspend' | 'reinstate' | 'requestTermination' | 'terminate';
export type OrganisationKind = 'EXTERNAL' | 'INTERNAL';

export interface Capabilities {
  specialisations: string[];
  marketFocus: string[];
  regions: string[];
  expertise: string[];
}

/** What people fill in. */
export interface PartnerProfile {
  name: string;
  types: string[];
  country: string;
  city: string;
  website: string;
  taxId: string;
  capabilities: Capabilities;
}

export interface Partner extends PartnerProfile {
  id: string;
  version: number;
  kind: OrganisationKind;
  state: PartnerState;
  parentId: string | null;
  relationshipManagerId: string | null;
  externalId: string | null;
  stateReason: string;
  /** Who asked to end the partnership; somebody else has to confirm. */
  terminationRequestedBy: string | null;
  createdAt: Date;
  updatedAt: Date;
}

export const partnerMoves: Moves<PartnerState, PartnerMove> = {
  activate: { from: ['PROSPECT'], to: 'ACTIVE' },
  suspend: { from: ['ACTIVE'], to: 'SUSPENDED' },
  reinstate: { from: ['SUSPENDED'], to: 'ACTIVE' },
  requestTermination: { from: ['ACTIVE', 'SUSPENDED'], to: 'SUSPENDED' },
  terminate: { from: ['SUSPENDED'], to: 'TERMINATED' },
};

export type PartnerEvent =
  | {
      type:
        | 'PartnerCreated'
        | 'PartnerUpdated'
        | 'PartnerActivated'
        | 'PartnerSuspended'
        | 'PartnerReinstated'
        | 'PartnerTerminationRequested'
        | 'PartnerTerminated'
        | 'RelationshipManagerAssigned';
    }
  | { type: 'PartnerMoved'; previousParentId: string | null; effectiveDate: string };

export interface PartnerDecision {
  partner: Partner;
  event: PartnerEvent;
}

const eventOf: Record<PartnerMove, Exclude<PartnerEvent['type'], 'PartnerMoved'>> = {
  activate: 'PartnerActivated',
  suspend: 'PartnerSuspended',
  reinstate: 'PartnerReinstated',
  requestTermination: 'PartnerTerminationRequested',
  terminate: 'PartnerTerminated',
};

const REASON_REQUIRED: PartnerMove[] = ['suspend', 'requestTermination'];

export interface MoveInput {
  reason: string;
  personId: string | null;
}

/** Carries out a move of a partner's state. Ending a partnership takes two persons. */
export function movePartnerState(partner: Partner, move: PartnerMove, input: MoveInput, now: Date): PartnerDecision {
  if (partner.kind === 'INTERNAL') throw failedPrecondition('ILLEGAL_MOVE', 'The enterprise itself has no partner life.', { moves: '' });
  const state = nextState(partnerMoves, move, partner.state);
  if (REASON_REQUIRED.includes(move) && !input.reason) throw invalid('reason', 'give a reason code, e.g. COMPLIANCE.', 'REQUIRED');
  if (move === 'terminate') checkSecondPerson(partner, input);
  const terminationRequestedBy =
    move === 'requestTermination' ? input.personId : move === 'terminate' ? partner.terminationRequestedBy : null;
  const stateReason = input.reason || (move === 'terminate' ? partner.stateReason : '');
  return { partner: changed(partner, { state, stateReason, terminationRequestedBy }, now), event: { type: eventOf[move] } };
}

function checkSecondPerson(partner: Partner, input: MoveInput): void {
  if (!partner.terminationRequestedBy) {
    throw failedPrecondition(
      'SECOND_PERSON_NEEDED',
      'Ask for the termination first (requestTermination); a second person then confirms it.',
      { moves: 'requestTermination,reinstate' },
    );
  }
  if (partner.terminationRequestedBy === input.personId)
    throw permissionDenied('Whoever asked for the termination cannot confirm it.', 'SECOND_PERSON_NEEDED');
}

/** Records a new partner. */
export function createPartner(
  id: string,
  profile: PartnerProfile,
  placed: { parentId: string | null; externalId: string | null; state?: PartnerState },
  now: Date,
): PartnerDecision {
  const partner: Partner = {
    ...profile,
    id,
    version: 1,
    kind: 'EXTERNAL',
    state: placed.state ?? 'PROSPECT',
    parentId: placed.parentId,
    relationshipManagerId: null,
    externalId: placed.externalId,
    stateReason: '',
    terminationRequestedBy: null,
    createdAt: now,
    updatedAt: now,
  };
  return { partner, event: { type: 'PartnerCreated' } };
}

export const updatePartner = (partner: Partner, profile: Partial<PartnerProfile>, now: Date): PartnerDecision => ({
  partner: changed(partner, profile, now),
  event: { type: 'PartnerUpdated' },
});

/** Places a partner under another parent. `descendsFromPartner` says that the new parent lies below the partner. */
export function placePartner(
  partner: Partner,
  parentId: string | null,
  effectiveDate: string,
  descendsFromPartner: boolean,
  now: Date,
): PartnerDecision {
  if (parentId === partner.id || descendsFromPartner)
    throw failedPrecondition('HIERARCHY_CYCLE', 'A partner cannot stand below itself: choose a parent outside its own hierarchy.');
  if (parentId === partner.parentId) throw invalid('parent_id', 'is already the parent.', 'UNCHANGED');
  return {
    partner: changed(partner, { parentId }, now),
    event: { type: 'PartnerMoved', previousParentId: partner.parentId, effectiveDate },
  };
}

export const assignRelationshipManager = (partner: Partner, personId: string, now: Date): PartnerDecision => ({
  partner: changed(partner, { relationshipManagerId: personId }, now),
  event: { type: 'RelationshipManagerAssigned' },
});

const changed = (partner: Partner, fields: Partial<Partner>, now: Date): Partner => ({
  ...partner,
  ...fields,
  version: partner.version + 1,
  updatedAt: now,
});
