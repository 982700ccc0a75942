import { failedPrecondition } from '@openprm/errors';
import { transact, type Command } from '@openprm/postgres';
import type { Role, Scope } from '@openprm/access';
import { loadPartner } from '../db/partners';
import { findPersons } from '../db/staff';
import type { Deps } from '../deps';
import { inviteStaff as invite, type StaffMember } from '../domain/staff';
import { storePerson, storeStaff } from './store';

export interface InviteStaffInput {
  partnerId: string;
  name: string;
  email: string;
  role: Role;
  includeDescendants?: boolean;
}

/** Invites a person; known by mail address, the same person keeps the same id in every organisation. */
export function inviteStaff(deps: Deps, command: Command, scope: Scope, input: InviteStaffInput): Promise<StaffMember> {
  return transact(deps, command, async (tx) => {
    const { partner } = await loadPartner(tx, scope, input.partnerId);
    if (partner.state === 'TERMINATED') throw failedPrecondition('PARTNER_NOT_ACTIVE', 'The partnership has ended: nobody can be invited.');
    const email = input.email.toLowerCase();
    const known = (await findPersons(tx, [email])).get(email);
    const personId = known ?? deps.newId();
    if (!known) storePerson(tx, personId, email);
    const place = {
      partnerId: partner.id,
      kind: partner.kind,
      role: input.role,
      includeDescendants: input.includeDescendants,
      externalId: null,
    };
    const decision = invite(deps.newId(), { personId, name: input.name, email }, place, deps.settings.invitationDays, command.now);
    return storeStaff(tx, deps, null, decision, { move: 'invite', actor: command.actor, now: command.now });
  });
}
