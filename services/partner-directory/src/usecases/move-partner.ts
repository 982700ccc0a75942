import { checkEtag, transact, type Command } from '@openprm/postgres';
import type { Scope } from '@openprm/access';
import { loadPartner, lockHierarchy, standsBelow } from '../db/partners';
import type { Deps } from '../deps';
import { placePartner, type Partner } from '../domain/partner';
import { loadParent } from './create-partner';
import { storePartner } from './store';

export interface MovePartnerInput {
  id: string;
  etag: string;
  parentId: string | null;
  effectiveDate: string;
}

/** Gives a partner another parent; a trigger on the row moves everything below along. */
export function movePartner(deps: Deps, command: Command, scope: Scope, input: MovePartnerInput): Promise<Partner> {
  return transact(deps, command, async (tx) => {
    await lockHierarchy(tx);
    const { partner } = await loadPartner(tx, scope, input.id);
    checkEtag(partner, input.etag);
    const below = input.parentId ? await standsBelow(tx, input.parentId, partner.id) : false;
    if (input.parentId && !below) await loadParent(tx, scope, input.parentId);
    const effectiveDate = input.effectiveDate || command.now.toISOString().slice(0, 10);
    const decision = placePartner(partner, input.parentId, effectiveDate, below, command.now);
    return storePartner(tx, deps, partner, decision, {
      move: 'move',
      actor: command.actor,
      now: command.now,
      reason: `effective ${effectiveDate}`,
    });
  });
}
