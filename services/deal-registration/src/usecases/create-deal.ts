import type { Caller } from '@openprm/access';
import { invalid, permissionDenied } from '@openprm/errors';
import { transact, type Command, type Tx } from '@openprm/postgres';
import { loadPartnerContext, findPartnerNames, type PartnerContext } from '../db/partners';
import type { DealView } from '../db/deals';
import { dealScope } from '../db/visible';
import type { Deps } from '../deps';
import { actsForPartner } from '../domain/authority';
import type { Customer, SentContent } from '../domain/deal';
import { createDeal as create } from '../domain/register-deal';
import { requireTrading } from '../domain/submit-deal';
import type { RelatedPartner } from '../domain/related-partner';
import { storeDeal } from './store';

export interface CreateDealInput {
  partnerId: string;
  programId: string | null;
  content: SentContent;
}

/** A draft, by staff of the partner or by the enterprise on its behalf. */
export function createDeal(
  deps: Deps,
  command: Command,
  caller: Caller,
  { partnerId, programId, content }: CreateDealInput,
): Promise<DealView> {
  return transact(deps, command, async (tx) => {
    const { ownerPersonId, customer: sent, relatedPartners, ...rest } = content;
    const context = await loadPartnerContext(tx, caller, dealScope(caller), { partnerId, ownerPersonId, customerId: sent.customerId });
    requireMayCreate(context);
    const decision = create(
      {
        ...rest,
        ...ownerOf(context, ownerPersonId, caller),
        id: deps.newId(),
        number: context.number,
        partnerId: context.id,
        partnerName: context.name,
        programId,
        externalId: null,
        customer: filledIn(sent, context.customer),
        related: await named(tx, relatedPartners),
      },
      context.offers,
      command.now,
    );
    const { standing, offers } = context;
    return {
      deal: storeDeal(tx, deps, null, decision, command),
      standing,
      inScope: true,
      partnerState: context.state,
      partnerDomains: context.domains,
      hasRelationshipManager: context.hasRelationshipManager,
      offers,
    };
  });
}

function requireMayCreate({ standing, state }: PartnerContext): void {
  const may = standing.associate || standing.manager || standing.enterpriseAdmin || standing.desk || standing.relationshipManager;
  if (!may) throw permissionDenied('Your role does not allow this for this partner.');
  if (actsForPartner(standing) || state !== 'ACTIVE') requireTrading(state);
}

/** The owner is staff of the partner; who registers for the own organisation is the owner where none is named. */
function ownerOf(
  { ownerName, standing }: PartnerContext,
  asked: string | null,
  caller: Caller,
): { ownerPersonId: string | null; ownerName: string } {
  if (asked === null)
    return standing.associate || standing.manager
      ? { ownerPersonId: caller.personId || null, ownerName: caller.name }
      : { ownerPersonId: null, ownerName: '' };
  if (ownerName === null) throw invalid('deal.owner_person_id', 'is not active staff of the partner.', 'UNKNOWN_PERSON');
  return { ownerPersonId: asked, ownerName };
}

/** What was left out is taken from the recorded customer; one that nobody knows here needs at least a name. */
export function filledIn(sent: Customer, recorded: Customer | null): Customer {
  if (!sent.customerId) return sent;
  if (!recorded) {
    if (sent.name === '')
      throw invalid(
        'deal.customer.customer_id',
        'is not a customer known here (yet): give name and country, or repeat.',
        'UNKNOWN_CUSTOMER',
      );
    return sent;
  }
  const filled = Object.entries(recorded).map(([key, value]) => [key, (sent as unknown as Record<string, unknown>)[key] || value]);
  return Object.fromEntries(filled) as unknown as Customer;
}

/** Related partners with their names. Throws INVALID_ARGUMENT for one that is not known. */
export async function named(tx: Tx, related: RelatedPartner[]): Promise<RelatedPartner[]> {
  const names = await findPartnerNames(
    tx,
    related.map((each) => each.partnerId),
  );
  return related.map((each, index) => {
    const partnerName = names.get(each.partnerId);
    if (partnerName === undefined)
      throw invalid(`related_partners[${index}].partner_id`, 'is not a partner known here (yet).', 'UNKNOWN_PARTNER');
    return { ...each, partnerName };
  });
}
