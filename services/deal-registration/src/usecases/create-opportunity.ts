import type { Caller } from '@openprm/access';
import { invalid, permissionDenied } from '@openprm/errors';
import { transact, type Command, type Tx } from '@openprm/postgres';
import { nextOpportunityNumber, type OpportunityView } from '../db/opportunities';
import { findCustomer, findPersonName, loadPartnerContext, opportunityNumber } from '../db/partners';
import { dealScope } from '../db/visible';
import type { Deps } from '../deps';
import type { Standing } from '../domain/authority';
import { createOpportunity as create, type NewOpportunity } from '../domain/new-opportunity';
import { filledIn, named } from './create-deal';
import { nothingAround, storeOpportunity } from './store';

export type CreateOpportunityInput = Omit<NewOpportunity, 'id' | 'number' | 'partnerName' | 'ownerName'>;

/** Recorded by the enterprise, for itself or for a partner within the caller's scope. */
export function createOpportunity(deps: Deps, command: Command, caller: Caller, input: CreateOpportunityInput): Promise<OpportunityView> {
  return transact(deps, command, async (tx) => {
    const { partnerName, standing, partnerState } = await partnerOf(tx, caller, input.partnerId);
    const recorded = input.customer.customerId ? await findCustomer(tx, dealScope(caller), input.customer.customerId) : null;
    const own = {
      id: deps.newId(),
      number: opportunityNumber(await nextOpportunityNumber(tx)),
      partnerName,
      ownerName: input.ownerPersonId ? await ownerName(tx, input.ownerPersonId) : '',
      customer: filledIn(input.customer, recorded),
      related: await named(tx, input.related),
    };
    const opportunity = storeOpportunity(tx, deps, null, create({ ...input, ...own }, command.now), nothingAround, command);
    return { opportunity, standing, inScope: true, partnerState, ...nothingAround };
  });
}

async function partnerOf(
  tx: Tx,
  caller: Caller,
  partnerId: string | null,
): Promise<{ partnerName: string; standing: Standing; partnerState: string }> {
  const scope = dealScope(caller);
  if (partnerId) {
    const context = await loadPartnerContext(tx, caller, scope, { partnerId, ownerPersonId: null, customerId: null });
    return { partnerName: context.name, standing: context.standing, partnerState: context.state };
  }
  if (!scope.all) throw permissionDenied('A direct opportunity is recorded by the deal desk or an enterprise admin.');
  const nobody = { associate: false, manager: false, partnerAdmin: false, relationshipManager: false };
  const standing = {
    ...nobody,
    personId: caller.personId || null,
    desk: caller.enterprise.has('DEAL_DESK'),
    approver: false,
    enterpriseAdmin: caller.enterprise.has('ENTERPRISE_ADMIN'),
    executive: false,
  };
  return { partnerName: '', standing, partnerState: '' };
}

async function ownerName(tx: Tx, personId: string): Promise<string> {
  const name = await findPersonName(tx, personId, null);
  if (name === null) throw invalid('opportunity.owner_person_id', 'is not a person known here (yet).', 'UNKNOWN_PERSON');
  return name;
}
