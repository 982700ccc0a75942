import { accessSubscriptions } from '@openprm/access';
import * as deals from '@openprm/contracts/dealregistration';
import * as orders from '@openprm/contracts/order';
import * as directory from '@openprm/contracts/partnerdirectory';
import * as programs from '@openprm/contracts/programsegment';
import { on, type EventHandler } from '@openprm/messaging';
import type { Tx } from '@openprm/postgres';
import { copyPartnership } from '../db/partnerships';
import { copyCustomer, copyDeal, copyOpportunity, copyProtection } from '../db/references';
import type { Deps } from '../deps';
import { toCustomerCopy, toDealCopy, toOpportunityCopy, toPartnership, toProtectionCopy } from './from-contract';
import { onOrder } from './on-order';

const DEAL_EVENTS = [
  deals.DealCreated,
  deals.DealUpdated,
  deals.DealDeleted,
  deals.DealSubmitted,
  deals.DealTaken,
  deals.DealInfoRequested,
  deals.DealAnswered,
  deals.DealConflictDecided,
  deals.DealApproved,
  deals.DealRejected,
  deals.DealWithdrawn,
  deals.DealConverted,
  deals.DealExpired,
  deals.DealRevocationRequested,
  deals.DealRevoked,
  deals.DealProtectionChanged,
  deals.DealHoldEnded,
  deals.DealImported,
] as const;

const OPPORTUNITY_EVENTS = [
  deals.OpportunityCreated,
  deals.OpportunityUpdated,
  deals.OpportunityStageChanged,
  deals.OpportunityWon,
  deals.OpportunityLost,
  deals.OpportunityReopened,
  deals.OpportunityRelatedPartnersChanged,
  deals.OpportunityImported,
] as const;

const ORDER_EVENTS = [orders.OrderCreated, orders.OrderImported, orders.OrderLinked, orders.OrderSubmitted] as const;

/** What this service hears of others: copies for its rules, and the order that ends a quote's life. */
export const subscriptions = (deps: Deps): EventHandler[] => [
  ...accessSubscriptions,
  on(programs.PartnershipChanged, (tx, { partnership }) => copyPartnership(tx, toPartnership(partnership!))),
  on([directory.CustomerCreated, directory.CustomerUpdated], (tx, { customer }) => copyCustomer(tx, toCustomerCopy(customer!))),
  on(DEAL_EVENTS, (tx, { deal }) => onDeal(tx, deal!)),
  on(OPPORTUNITY_EVENTS, (tx, { opportunity }) => onOpportunity(tx, opportunity!)),
  on(ORDER_EVENTS, (tx, { order }, event) => onOrder(tx, deps, order!, event.time)),
];

async function onDeal(tx: Tx, deal: deals.Deal): Promise<void> {
  await copyDeal(tx, toDealCopy(deal));
  await onProtection(tx, deal.protection);
}

async function onOpportunity(tx: Tx, opportunity: deals.Opportunity): Promise<void> {
  await copyOpportunity(tx, toOpportunityCopy(opportunity));
  await onProtection(tx, opportunity.protection);
}

async function onProtection(tx: Tx, protection: deals.Protection | undefined): Promise<void> {
  const copy = toProtectionCopy(protection);
  if (copy) await copyProtection(tx, copy);
}
