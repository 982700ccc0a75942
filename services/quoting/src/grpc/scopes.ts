import { EVERYTHING, hasRole, isEnterprise, readScope, scopeWithRole, type Caller, type Role, type Scope } from '@openprm/access';
import type { LoadedQuote, Reach } from '../db/quotes';
import type { CatalogReach } from '../db/products';
import type { ApprovalGroup } from '../domain/approval';
import type { Viewer } from '../domain/visibility';

const WRITERS: Role[] = ['RELATIONSHIP_MANAGER', 'PARTNER_MANAGER', 'PARTNER_ASSOCIATE'];

/** Where a caller reads and writes quotes. The deal desk works on all of them. */
export const reachOf = (caller: Caller): Reach => ({
  read: readScope(caller, ['DEAL_DESK']),
  write: hasRole(caller, 'ENTERPRISE_ADMIN', 'DEAL_DESK') ? EVERYTHING : scopeWithRole(caller, WRITERS),
  manage: scopeWithRole(caller, ['RELATIONSHIP_MANAGER']),
  board: hasRole(caller, 'APPROVER'),
  enterprise: hasRole(caller, 'ENTERPRISE_ADMIN', 'DEAL_DESK', 'RELATIONSHIP_MANAGER'),
});

export const viewerOf = (caller: Caller, { sees }: { sees: ReadonlySet<string> }): Viewer => ({ enterprise: isEnterprise(caller), sees });

/**
 * Groups for which the caller may decide about a quote. The desk also decides for a relationship manager, who may be away and whose
 * authority lies within the desk's.
 */
export function groupsFor(caller: Caller, { quote, manages }: Pick<LoadedQuote, 'quote' | 'manages'>): Set<ApprovalGroup> {
  const groups = new Set<ApprovalGroup>();
  const admin = hasRole(caller, 'ENTERPRISE_ADMIN');
  const desk = admin || hasRole(caller, 'DEAL_DESK');
  if (desk || manages.has(quote.partnerId)) groups.add('RELATIONSHIP_MANAGER');
  if (desk) groups.add('DEAL_DESK');
  if (admin || hasRole(caller, 'APPROVER')) groups.add('PRICING_BOARD');
  return groups;
}

/** The catalog a caller may look through: all of it, what its organisations may quote, or what one partner may quote. */
export function catalogOf(caller: Caller, partnerId = ''): CatalogReach {
  const within: Scope = isEnterprise(caller) ? EVERYTHING : readScope(caller);
  if (partnerId) return { all: false, partnerIds: [partnerId], within };
  return isEnterprise(caller) ? { all: true } : { all: false, partnerIds: caller.memberships.map((each) => each.partnerId), within };
}

/** The caller's organisation where there is just one. */
export function homeOf(caller: Caller): string {
  const ids = new Set(caller.memberships.map((each) => each.partnerId));
  return ids.size === 1 ? [...ids][0]! : '';
}
