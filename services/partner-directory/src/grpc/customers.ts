import { invalid } from '@openprm/errors';
import { isEnterprise, readScope, type Caller } from '@openprm/access';
import type { PartnerDirectoryServiceServer } from '@openprm/contracts/partnerdirectory';
import { masked, toImportResult, type Handlers } from '@openprm/grpc';
import { toCustomerProfile } from '../contract/from-message';
import { toCustomer } from '../contract/to-message';
import { listCustomers, loadCustomer } from '../db/customers';
import type { Deps } from '../deps';
import type { CustomerProfile } from '../domain/customer';
import { importCustomers } from '../usecases/import-customers';
import { createCustomer, updateCustomer } from '../usecases/save-customer';
import { writeCustomers } from './scopes';

type CustomerHandlers = Pick<
  Handlers<PartnerDirectoryServiceServer>,
  'createCustomer' | 'listCustomers' | 'getCustomer' | 'updateCustomer' | 'importCustomers'
>;

export function customerHandlers(deps: Deps): CustomerHandlers {
  return {
    createCustomer: async ({ customer }, { caller, command }) =>
      toCustomer(await createCustomer(deps, command, writeCustomers(caller), placed(caller, toCustomerProfile(customer!)))),
    listCustomers: async (request, { caller }) => {
      const page = await listCustomers(deps.database, readCustomers(caller), request);
      return { customers: page.items.map(toCustomer), nextPageToken: page.nextPageToken };
    },
    getCustomer: async ({ id }, { caller }) => toCustomer(await loadCustomer(deps.database, readCustomers(caller), id)),
    updateCustomer: async ({ customer, updateMask, etag }, { caller, command }) => {
      const profile = masked(toCustomerProfile(customer!), updateMask);
      if ('partnerId' in profile) placed(caller, profile as CustomerProfile);
      return toCustomer(await updateCustomer(deps, command, writeCustomers(caller), customer!.id, etag, profile));
    },
    importCustomers: async ({ items, validateOnly }, { command }) => {
      const batch = items.map((item) => ({
        externalId: item.externalId,
        profile: toCustomerProfile(item.customer!),
        parentExternalId: item.parentExternalId,
      }));
      return { results: (await importCustomers(deps, command, batch, validateOnly)).map(toImportResult) };
    },
  };
}

const readCustomers = (caller: Caller) => readScope(caller, ['DEAL_DESK', 'ORDER_DESK', 'SUPPORT_AGENT', 'APPROVER']);

/** A partner's people record customers of a partner; with one membership it need not be named. */
function placed(caller: Caller, profile: CustomerProfile): CustomerProfile {
  if (profile.partnerId || isEnterprise(caller)) return profile;
  const only = caller.memberships.length === 1 ? caller.memberships[0]!.partnerId : undefined;
  if (!only) throw invalid('customer.partner_id', 'name the partner that brings or serves the customer.', 'REQUIRED');
  return { ...profile, partnerId: only, relationOwner: profile.relationOwner === 'PARENT' ? 'PARTNER' : profile.relationOwner };
}
