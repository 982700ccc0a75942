import { invalid } from '@openprm/errors';
import { checkEtag, transact, type Command } from '@openprm/postgres';
import type { Scope } from '@openprm/access';
import { loadPartner } from '../db/partners';
import { holdsRole } from '../db/staff';
import type { Deps } from '../deps';
import { assignRelationshipManager as assign, type Partner } from '../domain/partner';
import { storePartner } from './store';

export function assignRelationshipManager(
  deps: Deps,
  command: Command,
  scope: Scope,
  input: { id: string; etag: string; personId: string },
): Promise<Partner> {
  return transact(deps, command, async (tx) => {
    const { partner } = await loadPartner(tx, scope, input.id);
    checkEtag(partner, input.etag);
    if (!(await holdsRole(tx, input.personId, 'RELATIONSHIP_MANAGER'))) {
      throw invalid(
        'person_id',
        'is not an active relationship manager: invite the person to the enterprise with that role first.',
        'NOT_A_RELATIONSHIP_MANAGER',
      );
    }
    return storePartner(tx, deps, partner, assign(partner, input.personId, command.now), {
      move: 'assignRelationshipManager',
      actor: command.actor,
      now: command.now,
    });
  });
}
