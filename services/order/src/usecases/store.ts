import { SYSTEM } from '@openprm/access';
import { alreadyExists } from '@openprm/errors';
import { saveDecision, type AuditEntry, type Command, type Tx } from '@openprm/postgres';
import { toLineRow, toOrderRow } from '../db/order-rows';
import type { Deps } from '../deps';
import type { Decision, Step } from '../domain/decision';
import { alreadyCorrected } from '../domain/desk';
import { partnersOf } from '../domain/lines';
import { alreadyOrdered } from '../domain/new-order';
import type { Order } from '../domain/order';
import { orderEvent } from '../events/to-contract';

/** Stores what was decided: the order's newest row, and one audit row and one event per step. */
export function storeOrder(tx: Tx, deps: Deps, command: Command, before: Order | null, decision: Decision): Order {
  const { order, steps } = decision;
  const lines = order.lines.map((line) => toLineRow(order.id, line));
  saveDecision(tx, {
    changes: [
      {
        table: 'orders',
        row: toOrderRow(order),
        expectedVersion: before?.version ?? null,
        children: [
          { table: 'order_lines', ownerColumn: 'order_id', ownerId: order.id, rows: lines },
          ...(before ? [] : [partnersRows(deps, order)]),
        ],
      },
    ],
    audit: steps.map((step, index) => auditOf(step, index === 0 ? before : steps[index - 1]!.order, command)),
    outbox: steps.map((step) => orderEvent(step, { now: command.now, newId: deps.newId })),
    conflicts: {
      orders_quote: alreadyOrdered,
      orders_corrected_once: alreadyCorrected,
      orders_source: () => alreadyExists('EXTERNAL_ID_TAKEN', 'external_id: belongs to another order of this source.'),
    },
  });
  return order;
}

/** Who takes part never changes, so these rows are written once. */
const partnersRows = (deps: Deps, order: Order) => ({
  table: 'order_partners',
  ownerColumn: 'order_id',
  ownerId: order.id,
  rows: partnersOf(order).map((partnerId) => ({
    id: deps.newId(),
    order_id: order.id,
    partner_id: partnerId,
    created_at: order.createTime,
  })),
});

const auditOf = (step: Step, before: Order | null, command: Command): AuditEntry => ({
  aggregate: 'order',
  aggregateId: step.order.id,
  version: step.order.version,
  at: command.now,
  move: step.move,
  fromState: step.from,
  toState: step.order.state,
  actor: step.automatic ? SYSTEM : command.actor,
  ...(step.reason !== undefined && { reason: step.reason }),
  ...(step.comment !== undefined && { comment: step.comment }),
  ...(step.internalNote !== undefined && { internalNote: step.internalNote }),
  before,
  after: step.order,
});
