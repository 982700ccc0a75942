import { invalid } from '@openprm/errors';
import { checkEtag, transact, type Command } from '@openprm/postgres';
import type { Scope } from '@openprm/access';
import { loadPartner, unknownTypes } from '../db/partners';
import type { Deps } from '../deps';
import { updatePartner as update, type Partner, type PartnerProfile } from '../domain/partner';
import { storePartner } from './store';

export function updatePartner(
  deps: Deps,
  command: Command,
  scope: Scope,
  id: string,
  etag: string,
  profile: Partial<PartnerProfile>,
): Promise<Partner> {
  return transact(deps, command, async (tx) => {
    const { partner } = await loadPartner(tx, scope, id);
    checkEtag(partner, etag);
    const unknown = profile.types ? await unknownTypes(tx, profile.types) : [];
    if (unknown.length > 0)
      throw invalid('partner.types', `${unknown.join(', ')} is not a partner type: see /v1/partnerTypes.`, 'UNKNOWN_PARTNER_TYPE');
    return storePartner(tx, deps, partner, update(partner, profile, command.now), { move: 'edit', actor: command.actor, now: command.now });
  });
}
