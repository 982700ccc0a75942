import { accessSubscriptions } from '@openprm/access';
import { word } from '@openprm/contracts';
import * as deals from '@openprm/contracts/dealregistration';
import { CustomerCreated, CustomerUpdated, RelationOwner, type Customer } from '@openprm/contracts/partnerdirectory';
import { EnrolmentState, PartnershipChanged, type Partnership } from '@openprm/contracts/programsegment';
import { on, type EventHandler } from '@openprm/messaging';
import { copyCustomer, copyDeal, copyPartnership } from '../db/copies';
import type { Deps } from '../deps';
import type { SupportLevel } from '../domain/configuration';
import { followPartnerState, followSupportLevel } from '../usecases/follow';

/** Events after which a deal may have another partner, customer or selling model. */
const DEAL_EVENTS = [
  deals.DealCreated,
  deals.DealUpdated,
  deals.DealSubmitted,
  deals.DealAnswered,
  deals.DealApproved,
  deals.DealConverted,
  deals.DealImported,
] as const;

export const subscriptions = (deps: Deps): EventHandler[] => [
  ...accessSubscriptions.map((copy) => (isOfPartners(copy) ? followingPartners(deps, copy) : copy)),
  on([CustomerCreated, CustomerUpdated], (tx, { customer }) => copyCustomer(tx, toCustomerCopy(customer!))),
  on(DEAL_EVENTS, (tx, { deal }) => copyDeal(tx, toDealCopy(deal!))),
  on(PartnershipChanged, async (tx, { partnership }) => {
    const copy = toPartnershipCopy(partnership!);
    if (await copyPartnership(tx, copy)) await followSupportLevel(tx, deps, copy.partnerId, copy.supportLevel);
  }),
];

const isOfPartners = ({ types }: EventHandler): boolean => types.includes('prm.partnerdirectory.v1.PartnerTerminated');

/** After the copy, because an event that comes late must do nothing. */
const followingPartners = (deps: Deps, copy: EventHandler): EventHandler => ({
  types: copy.types,
  async handle(tx, event) {
    await copy.handle(tx, event);
    await followPartnerState(tx, deps, event.subject);
  },
});

const toCustomerCopy = (customer: Customer) => ({
  id: customer.id,
  name: customer.name,
  partnerId: customer.partnerId || null,
  relationOwner: word(RelationOwner, customer.relationOwner) ?? 'PARENT',
  version: Number(customer.etag),
});

const toDealCopy = (deal: deals.Deal) => ({
  id: deal.id,
  partnerId: deal.partnerId,
  customerId: deal.customer?.customerId || null,
  sellingModel: word(deals.SellingModel, deal.sellingModel) ?? null,
  version: Number(deal.etag),
});

const toPartnershipCopy = (partnership: Partnership) => ({
  partnerId: partnership.partnerId,
  supportLevel: toSupportLevel(partnership.entitlements['support.level']),
  tier: bestTier(partnership),
  version: partnership.version,
});

/** Anything unknown gets what everybody has. */
const toSupportLevel = (value = ''): SupportLevel => (value === 'priority' || value === 'dedicated' ? value : 'email');

function bestTier(partnership: Partnership): string {
  const active = partnership.enrolments.filter((each) => each.state === EnrolmentState.ACTIVE);
  return active.toSorted((left, right) => right.tierRank - left.tierRank)[0]?.tier ?? '';
}
