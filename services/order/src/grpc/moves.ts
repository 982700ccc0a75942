import { invalid } from '@openprm/errors';
import type { OrderServiceServer } from '@openprm/contracts/order';
import type { Call, Handlers } from '@openprm/grpc';
import type { Tx } from '@openprm/postgres';
import type { Caller, Scope } from '@openprm/access';
import { toRejectReason, toShipTo } from '../contract/from-message';
import type { Deps } from '../deps';
import type { Decision } from '../domain/decision';
import { acceptCancel, cancelOrder, holdOrder, moveOrderLine, refuseCancel, releaseOrder, requestCancel } from '../domain/delivery';
import { answerOrder, approveOrder, rejectOrder, requestInfo } from '../domain/desk';
import { editOrder, type Edit } from '../domain/edit';
import type { Order } from '../domain/order';
import { correctOrder } from '../usecases/correct-order';
import { linkOrder } from '../usecases/link-order';
import { moveOrder, submitOrder } from '../usecases/move-order';
import { deskScope, orderingScope, sellingScope } from './scopes';
import { answerFor } from './view';

type MoveHandlers = Omit<
  Handlers<OrderServiceServer>,
  'createOrder' | 'listOrders' | 'getOrder' | 'getOrderHistory' | 'summarizeOrders' | 'importOrders'
>;

interface Asking {
  id: string;
  etag: string;
}

type Rule<Request> = (order: Order, request: Request, by: string, now: Date, tx: Tx) => Decision | Promise<Decision>;

/** Every move of the table: who reaches the order, and which rule decides. */
export function moveHandlers(deps: Deps): MoveHandlers {
  const by =
    <Request extends Asking>(scope: (caller: Caller) => Scope, rule: Rule<Request>) =>
    async (request: Request, { caller, command }: Call) =>
      answerFor(
        caller,
        await moveOrder(deps, command, scope(caller), request, (order, tx) => rule(order, request, command.principal, command.now, tx)),
      );
  return {
    updateOrder: async ({ order, updateMask, etag }, { caller, command }) => {
      const change = editOf(order!, updateMask);
      return answerFor(
        caller,
        await moveOrder(deps, command, orderingScope(caller), { id: order!.id, etag }, (found) => editOrder(found, change, command.now)),
      );
    },
    submitOrder: async (request, { caller, command }) =>
      answerFor(caller, await submitOrder(deps, command, orderingScope(caller), request)),
    approveOrder: by(deskScope, (order, request, who, now) => approveOrder(order, who, request, now)),
    rejectOrder: by(deskScope, (order, request, who, now) =>
      rejectOrder(order, who, { ...said(request), reason: toRejectReason(request.reason) }, now),
    ),
    requestOrderInfo: by(deskScope, (order, request, who, now) => requestInfo(order, who, request, now)),
    answerOrder: by(sellingScope, (order, request, _who, now) => answerOrder(order, { ...request, shipTo: toShipTo(request.shipTo) }, now)),
    correctOrder: async (request, { caller, command }) =>
      answerFor(caller, await correctOrder(deps, command, sellingScope(caller), request)),
    cancelOrder: by(orderingScope, (order, { reason }, _who, now) => cancelOrder(order, reason, now)),
    requestOrderCancel: by(sellingScope, (order, { reason }, _who, now) => requestCancel(order, reason, now)),
    acceptOrderCancel: by(deskScope, (order, { comment }, _who, now) => acceptCancel(order, comment, now)),
    refuseOrderCancel: by(deskScope, (order, { comment }, _who, now) => refuseCancel(order, comment, now)),
    holdOrder: by(deskScope, (order, { reason }, _who, now) => holdOrder(order, reason, now)),
    releaseOrder: by(deskScope, (order, { reason }, _who, now) => releaseOrder(order, reason, now)),
    startOrderLine: by(deskScope, (order, request, _who, now) => moveOrderLine(order, 'startLine', request, now)),
    fulfilOrderLine: by(deskScope, (order, request, _who, now) => moveOrderLine(order, 'fulfilLine', request, now)),
    backorderOrderLine: by(deskScope, (order, request, _who, now) => moveOrderLine(order, 'backorderLine', request, now)),
    linkOrder: async (request, { caller, command }) => answerFor(caller, await linkOrder(deps, command, deskScope(caller), request)),
  };
}

const said = ({ comment, internalNote }: { comment: string; internalNote: string }) => ({ comment, internalNote });

type EditMessage = Parameters<MoveHandlers['updateOrder']>[0]['order'] & object;

/** Only what the mask names and a draft may change. */
function editOf(message: EditMessage, mask: string[] | undefined): Edit {
  const shipTo = toShipTo(message.shipTo);
  const all: Edit = { ...(shipTo && { shipTo }), purchaseOrderNumber: message.purchaseOrderNumber, note: message.note };
  if (!mask || mask.length === 0) return all;
  const names: Record<string, keyof Edit> = { ship_to: 'shipTo', purchase_order_number: 'purchaseOrderNumber', note: 'note' };
  const fields = mask.map((path) => names[path.split('.')[0]!] ?? names[snake(path)]);
  if (fields.includes(undefined))
    throw invalid('update_mask', 'only ship_to, purchase_order_number and note can be changed.', 'NOT_CHANGEABLE');
  return Object.fromEntries(fields.flatMap((name) => (name && name in all ? [[name, all[name]]] : [])));
}

const snake = (path: string): string => path.split('.')[0]!.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
