import { alreadyExists, failedPrecondition } from '@openprm/errors';
import { saveDecision, type Actor, type Tx } from '@openprm/postgres';
import { claimsOf, readersOf, toDealRow } from '../db/deal-rows';
import type { OpportunityView } from '../db/opportunities';
import { directClaimsOf, toOpportunityRow } from '../db/opportunity-rows';
import type { Deps } from '../deps';
import { customerProtected } from '../domain/approve-deal';
import type { Deal, DealDecision } from '../domain/deal';
import type { Opportunity, OpportunityDecision } from '../domain/opportunity';
import { dealEvent, opportunityEvent } from '../events/to-contract';

/** By whom and when, for the audit. */
export interface Because {
  actor: Actor;
  now: Date;
}

/** The one door through which a deal's change leaves: row, claims on the customer, readers, audit and events together. */
export function storeDeal(tx: Tx, deps: Deps, before: Deal | null, decision: DealDecision, { actor, now }: Because): Deal {
  const { deal, move, events, reason, comment, internalNote } = decision;
  saveDecision(tx, {
    changes: [
      {
        table: 'deals',
        row: toDealRow(deal),
        expectedVersion: before?.version ?? null,
        children: [...childrenOf(before, claimsOf(deal, now)), ...childrenOf(before, readersOf('deal_readers', deal))],
      },
    ],
    audit: [{ ...auditOf('deal', before, deal, before?.state ?? '', deal.state), at: now, actor, move, reason, comment, internalNote }],
    outbox: events.map((event) => dealEvent(deal, event, { now, newId: deps.newId, calendar: deps.settings.calendar })),
    conflicts: {
      customer_claims_exclusive: () => customerProtected(),
      deals_external_id: () => alreadyExists('EXTERNAL_ID_TAKEN', 'external_id: belongs to another record.'),
    },
  });
  return deal;
}

// A new record has no old rows to take away.
const childrenOf = <T extends { rows: unknown[] }>(before: unknown, children: T): T[] =>
  before === null && children.rows.length === 0 ? [] : [children];

function auditOf(
  aggregate: string,
  before: { id: string } | null,
  after: { id: string; version: number },
  fromState: string,
  toState: string,
) {
  return { aggregate, aggregateId: after.id, version: after.version, fromState, toState, before, after };
}

/** A draft is gone; what remains is its audit and one last event. */
export function storeDeletion(tx: Tx, deps: Deps, before: Deal, { deal, move, events }: DealDecision, { actor, now }: Because): Deal {
  saveDecision(tx, {
    changes: [],
    audit: [{ ...auditOf('deal', before, deal, before.state, 'DELETED'), at: now, actor, move }],
    outbox: events.map((event) => dealEvent(deal, event, { now, newId: deps.newId, calendar: deps.settings.calendar })),
  });
  return deal;
}

export type Surroundings = Pick<OpportunityView, 'protection' | 'quotes' | 'orders'>;
export const nothingAround: Surroundings = { protection: null, quotes: [], orders: [] };

export function storeOpportunity(
  tx: Tx,
  deps: Deps,
  before: Opportunity | null,
  decision: OpportunityDecision,
  around: Surroundings,
  { actor, now }: Because,
): Opportunity {
  const { opportunity, move, events, reason, comment } = decision;
  saveDecision(tx, {
    changes: [
      {
        table: 'opportunities',
        row: toOpportunityRow(opportunity),
        expectedVersion: before?.version ?? null,
        children: [
          ...childrenOf(before, directClaimsOf(opportunity)),
          ...childrenOf(before, readersOf('opportunity_readers', opportunity)),
        ],
      },
    ],
    audit: [
      { ...auditOf('opportunity', before, opportunity, before?.stage ?? '', opportunity.stage), at: now, actor, move, reason, comment },
    ],
    outbox: events.map((event) =>
      opportunityEvent({ opportunity, ...around }, event, { now, newId: deps.newId, calendar: deps.settings.calendar }),
    ),
    conflicts: {
      opportunities_deal: () => failedPrecondition('ILLEGAL_MOVE', 'The deal is converted already.'),
      opportunities_external_id: () => alreadyExists('EXTERNAL_ID_TAKEN', 'external_id: belongs to another record.'),
    },
  });
  return opportunity;
}
