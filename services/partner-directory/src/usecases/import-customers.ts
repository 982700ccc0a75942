import { invalid } from '@openprm/errors';
import { answerItem, importBatch, type Command, type Tx, type ImportResult } from '@openprm/postgres';
import { findCustomers, findImported, findKinds, lockImport } from '../db/imports';
import type { Deps } from '../deps';
import { createCustomer, type CustomerProfile } from '../domain/customer';
import { storeCustomer } from './store';

export interface ImportCustomerItem {
  externalId: string;
  profile: CustomerProfile;
  parentExternalId: string;
}

/** Records end customers; a parent company may stand anywhere in the batch. Five statements however many items. */
export function importCustomers(deps: Deps, command: Command, items: ImportCustomerItem[], validateOnly: boolean): Promise<ImportResult[]> {
  return importBatch(deps, command, validateOnly, async (tx) => {
    await lockImport(tx, 'customers');
    const known = await findImported(
      tx,
      'customers',
      items.flatMap((item) => [item.externalId, item.parentExternalId]),
    );
    const kinds = await findKinds(
      tx,
      items.flatMap((item) => item.profile.partnerId ?? []),
    );
    const parents = await findCustomers(
      tx,
      items.flatMap((item) => item.profile.parentCustomerId ?? []),
    );
    return parentsFirst(items, known, (item) => create(tx, item));

    function create(on: Tx, item: ImportCustomerItem): string {
      const { partnerId, parentCustomerId } = item.profile;
      if (partnerId && kinds.get(partnerId) !== 'EXTERNAL') throw invalid('customer.partner_id', 'is not a partner.', 'UNKNOWN_REFERENCE');
      if (parentCustomerId && !parents.has(parentCustomerId))
        throw invalid('customer.parent_customer_id', 'is not a customer.', 'UNKNOWN_REFERENCE');
      const profile = item.parentExternalId ? { ...item.profile, parentCustomerId: known.get(item.parentExternalId)! } : item.profile;
      const decision = createCustomer(deps.newId(), profile, item.externalId, command.now);
      return storeCustomer(on, deps, null, decision, { move: 'import', actor: command.actor, now: command.now }).id;
    }
  });
}

/** Answers items in their order, each after its parent; who has no parent to be found, or is its own, is refused. */
function parentsFirst(
  items: ImportCustomerItem[],
  known: Map<string, string>,
  create: (item: ImportCustomerItem) => string,
): ImportResult[] {
  const byExternalId = new Map(items.map((item) => [item.externalId, item]));
  const open = new Set<ImportCustomerItem>();
  const results = new Map<ImportCustomerItem, ImportResult>();
  const answer = (item: ImportCustomerItem): ImportResult => {
    const found = results.get(item);
    if (found) return found;
    open.add(item);
    const parent = byExternalId.get(item.parentExternalId);
    if (parent && !open.has(parent) && !known.has(item.parentExternalId)) answer(parent);
    const result = answerItem(item, known.get(item.externalId), () => {
      if (item.parentExternalId && !known.has(item.parentExternalId)) {
        throw invalid(
          'parent_external_id',
          `${item.parentExternalId} is not a customer of this batch or an earlier one.`,
          'UNKNOWN_PARENT',
        );
      }
      return create(item);
    });
    if (result.outcome === 'CREATED') known.set(item.externalId, result.id);
    results.set(item, result);
    return result;
  };
  return items.map(answer);
}
