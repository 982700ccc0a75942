import { invalid } from '@openprm/errors';
import { answerItem, importBatch, type Command, type ImportResult } from '@openprm/postgres';
import { findImported, findKinds, lockImport } from '../db/imports';
import { unknownTypes } from '../db/partners';
import type { Deps } from '../deps';
import { createPartner, type PartnerProfile, type PartnerState } from '../domain/partner';
import { storePartner } from './store';

export interface ImportPartnerItem {
  externalId: string;
  profile: PartnerProfile;
  parentId: string | null;
  parentExternalId: string;
  state: PartnerState;
}

/** Records partners; a parent may stand earlier in the batch. Six statements however many items. */
export function importPartners(deps: Deps, command: Command, items: ImportPartnerItem[], validateOnly: boolean): Promise<ImportResult[]> {
  return importBatch(deps, command, validateOnly, async (tx) => {
    await lockImport(tx, 'partners');
    const known = await findImported(
      tx,
      'partners',
      items.flatMap((item) => [item.externalId, item.parentExternalId]),
    );
    const kinds = await findKinds(
      tx,
      items.flatMap((item) => item.parentId ?? []),
    );
    const unknown = new Set(await unknownTypes(tx, [...new Set(items.flatMap((item) => item.profile.types))]));
    return items.map((item) =>
      answerItem(item, known.get(item.externalId), () => {
        const wrongType = item.profile.types.find((type) => unknown.has(type));
        if (wrongType) throw invalid('partner.types', `${wrongType} is not a partner type: see /v1/partnerTypes.`, 'UNKNOWN_PARTNER_TYPE');
        const parentId = item.parentExternalId ? known.get(item.parentExternalId) : item.parentId;
        if (parentId === undefined)
          throw invalid(
            'parent_external_id',
            `${item.parentExternalId} is not known: put the parent earlier in the batch.`,
            'UNKNOWN_PARENT',
          );
        if (!item.parentExternalId && parentId && kinds.get(parentId) !== 'EXTERNAL')
          throw invalid('partner.parent_id', 'is not a partner.', 'UNKNOWN_PARENT');
        const decision = createPartner(
          deps.newId(),
          item.profile,
          { parentId, externalId: item.externalId, state: item.state },
          command.now,
        );
        known.set(item.externalId, decision.partner.id);
        return storePartner(tx, deps, null, decision, { move: 'import', actor: command.actor, now: command.now }).id;
      }),
    );
  });
}
