import { aborted, alreadyExists } from '@openprm/errors';
import { saveDecision, type Actor, type Tx } from '@openprm/postgres';
import { toCustomerRow } from '../db/customers';
import { toPartnerRow } from '../db/partner-rows';
import { toStaffRow } from '../db/staff';
import type { Deps } from '../deps';
import type { Customer, CustomerDecision } from '../domain/customer';
import type { Partner, PartnerDecision } from '../domain/partner';
import type { StaffDecision, StaffMember } from '../domain/staff';
import { customerEvent, partnerEvent, staffEvent } from '../events/to-contract';

/** Why and by whom, for the audit. */
export interface Because {
  move: string;
  actor: Actor;
  now: Date;
  reason?: string;
  internalNote?: string;
}

const externalIdTaken = (): Error =>
  alreadyExists('EXTERNAL_ID_TAKEN', 'external_id: belongs to another record; leave it empty or choose another.');

export function storePartner(tx: Tx, deps: Deps, before: Partner | null, { partner, event }: PartnerDecision, because: Because): Partner {
  saveDecision(tx, {
    changes: [{ table: 'partners', row: toPartnerRow(partner), expectedVersion: before?.version ?? null }],
    audit: [
      {
        aggregate: 'partner',
        aggregateId: partner.id,
        version: partner.version,
        at: because.now,
        fromState: before?.state ?? '',
        toState: partner.state,
        before,
        after: partner,
        ...told(because),
      },
    ],
    outbox: [partnerEvent(partner, event, { now: because.now, newId: deps.newId })],
    conflicts: { partners_external_id: externalIdTaken },
  });
  return partner;
}

/** Records a person seen for the first time; two at once: one of them repeats and finds the other's. */
export function storePerson(tx: Tx, id: string, email: string): void {
  saveDecision(tx, {
    changes: [{ table: 'persons', row: { id, version: 1, email }, expectedVersion: null }],
    audit: [],
    outbox: [],
    conflicts: { persons_email: () => aborted() },
  });
}

export function storeStaff(
  tx: Tx,
  deps: Deps,
  before: StaffMember | null,
  { member, event }: StaffDecision,
  because: Because,
): StaffMember {
  saveDecision(tx, {
    changes: [{ table: 'memberships', row: toStaffRow(member), expectedVersion: before?.version ?? null }],
    audit: [
      {
        aggregate: 'membership',
        aggregateId: member.id,
        version: member.version,
        at: because.now,
        fromState: before?.state ?? '',
        toState: member.state,
        before,
        after: member,
        ...told(because),
      },
    ],
    outbox: [staffEvent(member, event, { now: because.now, newId: deps.newId })],
    conflicts: {
      memberships_once: () => alreadyExists('ALREADY_MEMBER', 'email: this person already has an open membership there.'),
      memberships_external_id: externalIdTaken,
    },
  });
  return member;
}

export function storeCustomer(
  tx: Tx,
  deps: Deps,
  before: Customer | null,
  { customer, event }: CustomerDecision,
  because: Because,
): Customer {
  saveDecision(tx, {
    changes: [{ table: 'customers', row: toCustomerRow(customer), expectedVersion: before?.version ?? null }],
    audit: [
      {
        aggregate: 'customer',
        aggregateId: customer.id,
        version: customer.version,
        at: because.now,
        fromState: '',
        toState: '',
        before,
        after: customer,
        ...told(because),
      },
    ],
    outbox: [customerEvent(customer, event, { now: because.now, newId: deps.newId })],
    conflicts: { customers_external_id: externalIdTaken },
  });
  return customer;
}

const told = ({ move, actor, reason, internalNote }: Because) => ({ move, actor, reason, internalNote });
