import { checkEtag, transact, type Command } from '@openprm/postgres';
import type { Scope } from '@openprm/access';
import { loadStaffMember, lockAdmins } from '../db/staff';
import type { Deps } from '../deps';
import {
  changeStaff,
  moveStaff as move,
  type StaffChange,
  type StaffDecision,
  type StaffMember,
  type StaffMove,
  type StaffMoveInput,
} from '../domain/staff';
import type { StaffView } from '../db/staff';
import { storeStaff } from './store';

export interface StaffTarget {
  id: string;
  etag: string;
  /** The caller's own address: people may always accept their own invitation. */
  email: string;
}

export const moveStaff = (
  deps: Deps,
  command: Command,
  scope: Scope,
  target: StaffTarget,
  moveName: StaffMove,
  reason: string,
): Promise<StaffMember> =>
  decide(deps, command, scope, target, { move: moveName, reason }, ({ member }, input) => move(member, moveName, input, command.now));

export const updateStaff = (deps: Deps, command: Command, scope: Scope, target: StaffTarget, change: StaffChange): Promise<StaffMember> =>
  decide(deps, command, scope, target, { move: 'edit', reason: '' }, ({ member, kind }, input) =>
    changeStaff(member, change, kind, input, command.now),
  );

type Rule = (view: StaffView, input: StaffMoveInput) => StaffDecision;

async function decide(
  deps: Deps,
  command: Command,
  scope: Scope,
  target: StaffTarget,
  why: { move: string; reason: string },
  rule: Rule,
): Promise<StaffMember> {
  const member = await transact(deps, command, async (tx) => {
    await lockAdmins(tx, target.id);
    const view = await loadStaffMember(tx, scope, target.email, target.id);
    checkEtag(view.member, target.etag);
    const decision = rule(view, { otherAdmins: view.otherAdmins, byPartner: command.actor.side === 'PARTNER' });
    return storeStaff(tx, deps, view.member, decision, { ...why, actor: command.actor, now: command.now });
  });
  // A membership taken away works on the next request.
  deps.forgetCaller(member.email);
  return member;
}
