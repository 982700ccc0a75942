import { READERS, type Role } from '@openprm/access';
import type { OrderServiceServer } from '@openprm/contracts/order';
import type { Policy } from '@openprm/grpc';

const SELLERS: Role[] = ['PARTNER_ASSOCIATE', 'PARTNER_MANAGER'];
const DESK: Role[] = ['ORDER_DESK', 'ENTERPRISE_ADMIN'];
const BOTH: Role[] = [...DESK, ...SELLERS];

/** Who may call at all; what they then reach is their scope, and what they may do to it the move table. */
export const policy: Policy<OrderServiceServer> = {
  createOrder: BOTH,
  listOrders: READERS,
  getOrder: READERS,
  updateOrder: BOTH,
  getOrderHistory: READERS,
  summarizeOrders: READERS,
  importOrders: DESK,
  submitOrder: BOTH,
  approveOrder: DESK,
  rejectOrder: DESK,
  requestOrderInfo: DESK,
  answerOrder: SELLERS,
  correctOrder: SELLERS,
  cancelOrder: BOTH,
  requestOrderCancel: SELLERS,
  acceptOrderCancel: DESK,
  refuseOrderCancel: DESK,
  holdOrder: DESK,
  releaseOrder: DESK,
  startOrderLine: DESK,
  fulfilOrderLine: DESK,
  backorderOrderLine: DESK,
  linkOrder: DESK,
};
