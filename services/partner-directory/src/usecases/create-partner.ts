import { invalid } from '@openprm/errors';
import { transact, type Command } from '@openprm/postgres';
import type { Scope } from '@openprm/access';
import { loadPartner, unknownTypes } from '../db/partners';
import type { Deps } from '../deps';
import { createPartner as create, type Partner, type PartnerProfile } from '../domain/partner';
import { storePartner } from './store';

export interface CreatePartnerInput {
  profile: PartnerProfile;
  parentId: string | null;
  externalId: string | null;
}

/** Records a prospect; `scope` is where the caller may place it. */
export function createPartner(deps: Deps, command: Command, scope: Scope, input: CreatePartnerInput): Promise<Partner> {
  return transact(deps, command, async (tx) => {
    const unknown = await unknownTypes(tx, input.profile.types);
    if (unknown.length > 0)
      throw invalid('partner.types', `${unknown.join(', ')} is not a partner type: see /v1/partnerTypes.`, 'UNKNOWN_PARTNER_TYPE');
    if (input.parentId) await loadParent(tx, scope, input.parentId);
    const decision = create(deps.newId(), input.profile, input, command.now);
    return storePartner(tx, deps, null, decision, { move: 'create', actor: command.actor, now: command.now });
  });
}

/** A parent outside the scope is as unknown as one that is not there. */
export async function loadParent(tx: Parameters<typeof loadPartner>[0], scope: Scope, parentId: string): Promise<Partner> {
  try {
    const { partner } = await loadPartner(tx, scope, parentId);
    if (partner.kind === 'EXTERNAL' && partner.state !== 'TERMINATED') return partner;
  } catch {
    // Falls through to the field's own error.
  }
  throw invalid('parent_id', 'is not a partner you can see: give the id of a parent organisation, or leave it empty.', 'UNKNOWN_PARENT');
}
