import { invalid } from '@openprm/errors';
import { checkEtag, transact, type Command, type Tx } from '@openprm/postgres';
import type { Scope } from '@openprm/access';
import { loadCustomer } from '../db/customers';
import { loadPartner } from '../db/partners';
import type { Deps } from '../deps';
import { createCustomer as create, updateCustomer as update, type Customer, type CustomerProfile } from '../domain/customer';
import { storeCustomer } from './store';

export function createCustomer(deps: Deps, command: Command, scope: Scope, profile: CustomerProfile): Promise<Customer> {
  return transact(deps, command, async (tx) => {
    await checkReferences(tx, scope, profile);
    return storeCustomer(tx, deps, null, create(deps.newId(), profile, null, command.now), {
      move: 'create',
      actor: command.actor,
      now: command.now,
    });
  });
}

export function updateCustomer(
  deps: Deps,
  command: Command,
  scope: Scope,
  id: string,
  etag: string,
  profile: Partial<CustomerProfile>,
): Promise<Customer> {
  return transact(deps, command, async (tx) => {
    const customer = await loadCustomer(tx, scope, id);
    checkEtag(customer, etag);
    if (profile.parentCustomerId === id)
      throw invalid('customer.parent_customer_id', 'a customer is not its own parent company.', 'HIERARCHY_CYCLE');
    await checkReferences(tx, scope, profile);
    return storeCustomer(tx, deps, customer, update(customer, profile, command.now), {
      move: 'edit',
      actor: command.actor,
      now: command.now,
    });
  });
}

async function checkReferences(tx: Tx, scope: Scope, { partnerId, parentCustomerId }: Partial<CustomerProfile>): Promise<void> {
  if (partnerId) await loadPartner(tx, scope, partnerId).catch(() => refuse('customer.partner_id', 'is not a partner you can see.'));
  if (parentCustomerId)
    await loadCustomer(tx, scope, parentCustomerId).catch(() => refuse('customer.parent_customer_id', 'is not a customer you can see.'));
}

function refuse(field: string, description: string): never {
  throw invalid(field, description, 'UNKNOWN_REFERENCE');
}
