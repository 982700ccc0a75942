import type { Money } from '@openprm/money';
import type { ConflictCheck } from './conflict';
import type { Deal } from './deal';
import { dealType } from './deal-types';

export type ReviewGroup = 'DEAL_DESK' | 'RELATIONSHIP_MANAGER';

export interface RoutingFacts {
  /** Somebody at the enterprise is in charge of the partner. */
  hasRelationshipManager: boolean;
  /** What a relationship manager may approve, per currency. */
  relationshipManagerLimits: readonly Money[];
}

export interface Route {
  reviewGroup: ReviewGroup;
  routingReason: string;
}

/**
 * Who reviews a claim. The type decides; what its relationship manager could not approve anyway goes to the desk at once: claims that
 * meet others, amounts above the limit, partners without one.
 */
export function routeDeal(deal: Pick<Deal, 'type' | 'amount'>, conflict: ConflictCheck, facts: RoutingFacts): Route {
  const toDesk = (routingReason: string): Route => ({ reviewGroup: 'DEAL_DESK', routingReason });
  if (conflict.verdict === 'REVIEW' || conflict.verdict === 'BLOCK')
    return toDesk('Other claims on this customer have to be decided about.');
  if (dealType(deal.type)?.reviewGroup !== 'RELATIONSHIP_MANAGER') return toDesk(`Deals of type ${deal.type} are reviewed by the desk.`);
  if (!facts.hasRelationshipManager) return toDesk('The partner has no relationship manager.');
  if (!isWithin(deal.amount, facts.relationshipManagerLimits)) return toDesk('The amount is above the limit of a relationship manager.');
  return {
    reviewGroup: 'RELATIONSHIP_MANAGER',
    routingReason: `Deals of type ${deal.type} are reviewed by the partner's relationship manager.`,
  };
}

export const isWithin = (amount: Money | null, limits: readonly Money[]): boolean =>
  amount !== null && limits.some((limit) => limit.currency === amount.currency && amount.minor <= limit.minor);
