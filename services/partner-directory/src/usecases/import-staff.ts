import { invalid } from '@openprm/errors';
import type { Role } from '@openprm/access';
import { answerItem, importBatch, type Command, type ImportResult } from '@openprm/postgres';
import { findImported, findKinds, findMembers, lockImport } from '../db/imports';
import { findPersons } from '../db/staff';
import type { Deps } from '../deps';
import { enrolStaff } from '../domain/staff';
import { storePerson, storeStaff } from './store';

export interface ImportStaffItem {
  externalId: string;
  partnerId: string;
  name: string;
  email: string;
  role: Role;
  includeDescendants?: boolean;
}

/** Records memberships that are in force at once. Six statements however many items. */
export function importStaff(deps: Deps, command: Command, items: ImportStaffItem[], validateOnly: boolean): Promise<ImportResult[]> {
  return importBatch(deps, command, validateOnly, async (tx) => {
    await lockImport(tx, 'memberships');
    const emails = items.map((item) => item.email.toLowerCase());
    const known = await findImported(
      tx,
      'memberships',
      items.map((item) => item.externalId),
    );
    const kinds = await findKinds(
      tx,
      items.map((item) => item.partnerId),
    );
    const members = await findMembers(
      tx,
      items.map((item) => item.partnerId),
      emails,
    );
    const persons = await findPersons(tx, emails);
    return items.map((item) =>
      answerItem(item, known.get(item.externalId), () => {
        const email = item.email.toLowerCase();
        const kind = kinds.get(item.partnerId);
        if (!kind) throw invalid('partner_id', 'is not an organisation.', 'UNKNOWN_PARTNER');
        if (members.has(`${item.partnerId} ${email}`))
          throw invalid('staff_member.email', 'this person already has an open membership there.', 'ALREADY_MEMBER');
        const personId = persons.get(email) ?? deps.newId();
        const place = {
          partnerId: item.partnerId,
          kind,
          role: item.role,
          includeDescendants: item.includeDescendants,
          externalId: item.externalId,
        };
        const decision = enrolStaff(deps.newId(), { personId, name: item.name, email }, place, command.now);
        if (!persons.has(email)) storePerson(tx, personId, email);
        persons.set(email, personId);
        members.set(`${item.partnerId} ${email}`, decision.member.id);
        known.set(item.externalId, decision.member.id);
        return storeStaff(tx, deps, null, decision, { move: 'import', actor: command.actor, now: command.now }).id;
      }),
    );
  });
}
