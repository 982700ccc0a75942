import { isEnterprise, type Caller } from '@openprm/access';
import { words } from '@openprm/contracts';
import { OrderState, type OrderServiceServer } from '@openprm/contracts/order';
import { toHistory, toImportResult, type Call, type Handlers } from '@openprm/grpc';
import { loadAudit } from '@openprm/postgres';
import { toImportedItem, toShipTo } from '../contract/from-message';
import { toListed } from '../contract/to-message';
import { toSummaryMessage } from '../contract/summary';
import { listOrders, loadOrder, type OrderFilter } from '../db/orders';
import { summarizeOrders } from '../db/summary';
import type { Deps } from '../deps';
import type { Person } from '../domain/new-order';
import { createOrder } from '../usecases/create-order';
import { importOrders } from '../usecases/import-orders';
import { orderingScope, readOrders } from './scopes';
import { answerFor, viewFor } from './view';

type ReadAndMake = Pick<
  Handlers<OrderServiceServer>,
  'createOrder' | 'listOrders' | 'getOrder' | 'getOrderHistory' | 'summarizeOrders' | 'importOrders'
>;

const NEWEST = 10;

/** Reading orders, and the ways in which new ones come about. */
export function orderHandlers(deps: Deps): ReadAndMake {
  return {
    createOrder: async (request, { caller, command }) => {
      const input = { ...request, shipTo: toShipTo(request.shipTo), person: personOf(caller, command.actor.side) };
      return answerFor(caller, await createOrder(deps, command, orderingScope(caller), input));
    },
    listOrders: async (request, { caller }) => {
      const page = await listOrders(deps.database, readOrders(caller), { ...request, states: words(OrderState, request.states) });
      return { orders: page.items.map((view) => toListed(viewFor(caller, view))), nextPageToken: page.nextPageToken };
    },
    getOrder: async ({ id }, { caller }) => viewFor(caller, await loadOrder(deps.database, readOrders(caller), id)),
    getOrderHistory: async ({ id }, { caller }) => {
      await loadOrder(deps.database, readOrders(caller), id);
      return toHistory(await loadAudit(deps.database, id), isEnterprise(caller));
    },
    summarizeOrders: async (request, { caller }: Call) => {
      const scope = readOrders(caller);
      const summary = await summarizeOrders(deps.database, scope, request);
      const recent = await listOrders(deps.database, scope, { ...noFilter, ...request, pageSize: NEWEST });
      return toSummaryMessage(
        summary,
        recent.items.map((view) => toListed(viewFor(caller, view))),
      );
    },
    importOrders: async ({ items, validateOnly }, { command }) => ({
      results: (await importOrders(deps, command, items.map(toImportedItem), validateOnly)).map(toImportResult),
    }),
  };
}

const noFilter: OrderFilter = {
  partnerId: '',
  includeDescendants: false,
  states: [],
  customerId: '',
  quoteId: '',
  opportunityId: '',
  ownerPersonId: '',
  number: '',
  pageSize: 0,
  pageToken: '',
};

/** Whoever of the partner makes an order is in charge of it; the enterprise acts on behalf and is not. */
const personOf = (caller: Caller, side: string): Person | null =>
  side === 'PARTNER' && caller.personId ? { personId: caller.personId, name: caller.name, email: caller.principal } : null;
