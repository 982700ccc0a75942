import { failedPrecondition, invalid } from '@openprm/errors';
import { nextState, type Moves } from '@openprm/moves';
import { isEnterpriseRole, type Role } from '@openprm/access';
import type { OrganisationKind } from './partner';

export type MembershipState = 'INVITED' | 'ACTIVE' | 'SUSPENDED' | 'DEACTIVATED';
export type StaffMove = 'accept' | 'suspend' | 'reinstate' | 'deactivate';

export interface StaffMember {
  id: string;
  version: number;
  partnerId: string;
  personId: string;
  name: string;
  email: string;
  role: Role;
  state: MembershipState;
  includeDescendants: boolean;
  externalId: string | null;
  invitationExpiresAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

export const staffMoves: Moves<MembershipState, StaffMove> = {
  accept: { from: ['INVITED'], to: 'ACTIVE' },
  suspend: { from: ['ACTIVE'], to: 'SUSPENDED' },
  reinstate: { from: ['SUSPENDED'], to: 'ACTIVE' },
  deactivate: { from: ['INVITED', 'ACTIVE', 'SUSPENDED'], to: 'DEACTIVATED' },
};

export type StaffEvent = {
  type: 'StaffInvited' | 'StaffActivated' | 'StaffChanged' | 'StaffSuspended' | 'StaffReinstated' | 'StaffDeactivated';
};

export interface StaffDecision {
  member: StaffMember;
  event: StaffEvent;
}

const eventOf: Record<StaffMove, StaffEvent['type']> = {
  accept: 'StaffActivated',
  suspend: 'StaffSuspended',
  reinstate: 'StaffReinstated',
  deactivate: 'StaffDeactivated',
};

export interface Person {
  personId: string;
  name: string;
  email: string;
}

export interface Place {
  partnerId: string;
  kind: OrganisationKind;
  role: Role;
  includeDescendants?: boolean;
  externalId: string | null;
}

/** Invites a person for `invitationDays` days. */
export function inviteStaff(id: string, person: Person, place: Place, invitationDays: number, now: Date): StaffDecision {
  return {
    member: { ...memberOf(id, person, place, now), state: 'INVITED', invitationExpiresAt: daysAfter(now, invitationDays) },
    event: { type: 'StaffInvited' },
  };
}

/** Records a membership that is in force at once, as an import does. */
export const enrolStaff = (id: string, person: Person, place: Place, now: Date): StaffDecision => ({
  member: { ...memberOf(id, person, place, now), state: 'ACTIVE' },
  event: { type: 'StaffActivated' },
});

function memberOf(id: string, person: Person, place: Place, now: Date): StaffMember {
  checkRole(place.kind, place.role);
  const { partnerId, role, externalId } = place;
  const includeDescendants = place.includeDescendants ?? reachesDown(role);
  return {
    id,
    version: 1,
    partnerId,
    ...person,
    role,
    state: 'ACTIVE',
    includeDescendants,
    externalId,
    invitationExpiresAt: null,
    createdAt: now,
    updatedAt: now,
  };
}

/** Managers and admins reach the organisations below unless said otherwise. */
const reachesDown = (role: Role): boolean => role === 'PARTNER_MANAGER' || role === 'PARTNER_ADMIN';

export function checkRole(kind: OrganisationKind, role: Role): void {
  if (isEnterpriseRole(role) === (kind === 'INTERNAL')) return;
  throw invalid(
    'staff_member.role',
    kind === 'INTERNAL' ? 'staff of the enterprise take an enterprise role.' : 'staff of a partner take a partner role.',
    'ROLE_NOT_ALLOWED',
  );
}

export interface StaffMoveInput {
  /** Active admins of the organisation besides this one. */
  otherAdmins: number;
  /** True when somebody of the partner asks, not the enterprise. */
  byPartner: boolean;
}

export function moveStaff(member: StaffMember, move: StaffMove, input: StaffMoveInput, now: Date): StaffDecision {
  const state = nextState(staffMoves, move, member.state);
  if (move === 'accept' && member.invitationExpiresAt && member.invitationExpiresAt < now) {
    throw failedPrecondition('INVITATION_EXPIRED', 'The invitation has expired: ask to be invited again.');
  }
  if (move === 'deactivate' || move === 'suspend') checkAdminRemains(member, input);
  return {
    member: { ...member, state, invitationExpiresAt: null, version: member.version + 1, updatedAt: now },
    event: { type: eventOf[move] },
  };
}

export interface StaffChange {
  name?: string;
  role?: Role;
  includeDescendants?: boolean;
}

export function changeStaff(
  member: StaffMember,
  change: StaffChange,
  kind: OrganisationKind,
  input: StaffMoveInput,
  now: Date,
): StaffDecision {
  if (member.state === 'DEACTIVATED')
    throw failedPrecondition('ILLEGAL_MOVE', 'An ended membership cannot be changed: invite the person again.', { moves: '' });
  const role = change.role ?? member.role;
  checkRole(kind, role);
  if (role !== member.role) checkAdminRemains(member, input);
  const includeDescendants = change.includeDescendants ?? (role === member.role ? member.includeDescendants : reachesDown(role));
  return {
    member: { ...member, name: change.name ?? member.name, role, includeDescendants, version: member.version + 1, updatedAt: now },
    event: { type: 'StaffChanged' },
  };
}

function checkAdminRemains(member: StaffMember, input: StaffMoveInput): void {
  if (!input.byPartner || member.role !== 'PARTNER_ADMIN' || member.state !== 'ACTIVE' || input.otherAdmins > 0) return;
  throw failedPrecondition('LAST_ADMIN', 'This is the last active admin: make somebody else an admin first.');
}

const daysAfter = (now: Date, days: number): Date => new Date(now.getTime() + days * 86_400_000);
