import { isEnterprise, readScope, type Caller } from '@openprm/access';
import type { Order as OrderMessage } from '@openprm/contracts/order';
import { toOrder, toPartnerOrder } from '../contract/to-message';
import type { OrderView } from '../db/orders';
import { partnersOf } from '../domain/lines';
import { possibleMoves, type MoveName, type Side } from '../domain/moves';
import type { Order } from '../domain/order';
import { isDesk } from './scopes';

/** Names of moves as they stand in the paths of the API. */
const shown: Partial<Record<MoveName, string>> = { edit: 'update' };

/** An order as this caller may read it, with the moves it may make. */
export function viewFor(caller: Caller, view: OrderView): OrderMessage {
  const { order, partnersInScope } = view;
  const message = isEnterprise(caller) ? toOrder(order) : toPartnerOrder(order, partnersInScope ?? partnersOf(order));
  const moves = possibleMoves(order, sidesOf(caller, view), caller.principal).map((move) => shown[move] ?? move);
  return { ...message, moves };
}

/**
 * What a write answers. The order is the caller's own or the desk's, and its partner active, or the write would have been refused; which of its partners the caller reaches besides its own
 * organisations is for the next read to say.
 */
export const answerFor = (caller: Caller, order: Order): OrderMessage =>
  viewFor(caller, { order, partnersInScope: ownOf(caller, order), partnerIsActive: true });

/** Organisations of the order in which the caller has a membership, and always the placing one, since only its people write. */
function ownOf(caller: Caller, order: Order): string[] | null {
  const scope = readScope(caller, ['ORDER_DESK']);
  return scope.all ? null : partnersOf(order).filter((id) => id === order.partnerId || scope.orgs.includes(id));
}

/** Sellers act for the placing partner only, while it is active: another partner of the order reads. */
function sidesOf(caller: Caller, { order, partnersInScope, partnerIsActive }: OrderView): Side[] {
  if (isDesk(caller)) return ['DESK'];
  const sells = caller.memberships.some(
    (each) =>
      each.role !== 'PARTNER_ADMIN' && (each.partnerId === order.partnerId || (each.role === 'PARTNER_MANAGER' && each.includeDescendants)),
  );
  return sells && partnerIsActive && partnersInScope?.includes(order.partnerId) ? ['PARTNER'] : [];
}
