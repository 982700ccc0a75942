import { checkEtag, transact, type Command } from '@openprm/postgres';
import type { Scope } from '@openprm/access';
import { loadPartner } from '../db/partners';
import type { Deps } from '../deps';
import { movePartnerState as move, type Partner, type PartnerMove } from '../domain/partner';
import { storePartner } from './store';

export interface MovePartnerStateInput {
  id: string;
  etag: string;
  move: PartnerMove;
  reason: string;
  note: string;
}

export async function movePartnerState(deps: Deps, command: Command, scope: Scope, input: MovePartnerStateInput): Promise<Partner> {
  const moved = await transact(deps, command, async (tx) => {
    const { partner } = await loadPartner(tx, scope, input.id);
    checkEtag(partner, input.etag);
    const decision = move(partner, input.move, { reason: input.reason, personId: command.actor.personId }, command.now);
    return storePartner(tx, deps, partner, decision, {
      move: input.move,
      actor: command.actor,
      now: command.now,
      reason: input.reason,
      internalNote: input.note,
    });
  });
  // A terminated partner's memberships no longer count.
  deps.forgetCaller();
  return moved;
}
