import type { Caller } from '@openprm/access';
import { aborted, invalid } from '@openprm/errors';
import { transact, type Command, type Tx } from '@openprm/postgres';
import { removeDeal, type DealView } from '../db/deals';
import { findCustomer, findPersonName } from '../db/partners';
import { dealScope } from '../db/visible';
import type { Deps } from '../deps';
import type { SentContent } from '../domain/deal';
import { deleteDeal as remove, editDeal as edit, type DealEdit } from '../domain/register-deal';
import { filledIn, named } from './create-deal';
import { loadForMove, moveDeal, type DealMoving, type DealRef } from './move-deal';
import { storeDeletion } from './store';

/** Changes the fields given. */
export function editDeal(deps: Deps, command: Command, caller: Caller, ref: DealRef, sent: Partial<SentContent>): Promise<DealView> {
  return moveDeal(deps, command, caller, ref, 'edit', async (tx, moving) =>
    edit(moving.deal, await toEdit(tx, caller, moving, sent), moving.offers, command.now),
  );
}

async function toEdit(tx: Tx, caller: Caller, { deal }: DealMoving, sent: Partial<SentContent>): Promise<DealEdit> {
  const { relatedPartners, ownerPersonId, customer, sellingModel, title, ...rest } = sent;
  return {
    ...rest,
    ...(title !== undefined && { title: title || deal.title }),
    ...(sellingModel && { sellingModel }),
    ...(customer && {
      customer: filledIn(customer, customer.customerId ? await findCustomer(tx, dealScope(caller), customer.customerId) : null),
    }),
    ...(ownerPersonId && { ownerPersonId, ownerName: await ownerName(tx, ownerPersonId, deal.partnerId) }),
    ...(relatedPartners && { related: await named(tx, relatedPartners) }),
  };
}

async function ownerName(tx: Tx, personId: string, partnerId: string): Promise<string> {
  const name = await findPersonName(tx, personId, partnerId);
  if (name === null) throw invalid('deal.owner_person_id', 'is not active staff of the partner.', 'UNKNOWN_PERSON');
  return name;
}

/** Deletes a draft; answers with its last content. */
export function deleteDeal(deps: Deps, command: Command, caller: Caller, ref: DealRef): Promise<DealView> {
  return transact(deps, command, async (tx) => {
    const moving = await loadForMove(tx, deps, command, caller, ref, 'delete');
    if (!(await removeDeal(tx, moving.deal))) throw aborted();
    return { ...moving, deal: storeDeletion(tx, deps, moving.deal, remove(moving.deal, command.now), command) };
  });
}
