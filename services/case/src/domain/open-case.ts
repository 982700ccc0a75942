import { failedPrecondition, invalid } from '@openprm/errors';
import type { Case, CaseContent, CaseDecision, CaseOrigin, Side } from './case';
import { startClock, type ClockKind } from './clock';
import {
  targetFor,
  type Category,
  type Configuration,
  type Group,
  type GroupMember,
  type Priority,
  type RelationOwner,
  type SupportLevel,
} from './configuration';
import { HOUR } from './business-time';
import { findQueue, type Queue } from './queue';
import { findGroup, isPresent, pickMember } from './routing';
import type { Party } from './who-may';

/** How long the dedicated person has a case alone. */
const DEDICATED_ALONE = HOUR;

/** What is known of the partner, the customer and the load when a case is opened. */
export interface Surroundings {
  id: string;
  number: string;
  partner: {
    state: string;
    country: string;
    tier: string;
    supportLevel: SupportLevel;
    relationshipManager: { personId: string; name: string } | null;
  };
  relationOwner: RelationOwner | null;
  loads: ReadonlyMap<string, number>;
}

export interface CaseRequest extends CaseContent, CaseOrigin {
  priority: Priority;
}

/** Opens a case: whose queue, which group and person, and the clocks. */
export function openCase(request: CaseRequest, party: Party, around: Surroundings, configuration: Configuration, now: Date): CaseDecision {
  const category = checkRequest(request, around, configuration);
  // A partner keeps nothing from itself: only what the customer told the enterprise can be hidden from it.
  const toldEnterprise = request.openedByCustomer && party.side === 'PARENT';
  const queue = findQueue(configuration, { ...request, relationOwner: around.relationOwner, category, openedByCustomer: toldEnterprise });
  const group = findGroup(configuration, { ...request, country: around.partner.country, tier: around.partner.tier });
  const side = firstHolder(queue, party.side);
  const person = side === 'PARENT' ? firstPerson(request, around, configuration, group, now) : null;
  const opened: Case = {
    ...request,
    id: around.id,
    version: 1,
    number: around.number,
    state: 'NEW',
    supportLevel: around.partner.supportLevel,
    queueOwner: queue.owner,
    partnerSees: queue.partnerSees,
    parentSees: queue.owner !== 'PARTNER',
    partnerMayRefer: queue.partnerMayRefer,
    parentGroup: group.code,
    calendar: group.calendar,
    holder: { side, group: side === 'PARENT' ? group.code : null, personId: person?.personId ?? null, personName: person?.name ?? '' },
    handOver: null,
    requesterSide: toldEnterprise ? 'PARENT' : 'PARTNER',
    openedBy: party.personId,
    openedByName: party.name,
    openedBySide: party.side,
    clocks: (['FIRST_RESPONSE', 'RESOLUTION'] as const).map((kind) => clockFor(kind, request.priority, around, configuration, group, now)),
    infoRequestedAt: null,
    infoDueAt: null,
    reminders: 0,
    reopenCount: 0,
    resolutionCode: '',
    resolutionText: '',
    resolvedAt: null,
    closedAt: null,
    satisfaction: 0,
    dedicatedUntil: person?.dedicated ? new Date(now.getTime() + DEDICATED_ALONE) : null,
    createdAt: now,
    updatedAt: now,
  };
  return { case: opened, events: [{ type: 'CaseCreated' }], comment: null, remark: { move: 'create' } };
}

function checkRequest(request: CaseRequest, around: Surroundings, configuration: Configuration): Category {
  const category = configuration.categories.get(request.category);
  if (!category)
    throw invalid('case.category', `is not a category; one of ${[...configuration.categories.keys()].join(', ')}.`, 'UNKNOWN_CATEGORY');
  if (around.partner.state === 'TERMINATED') throw failedPrecondition('PARTNER_TERMINATED', 'The partner has ended: no new cases.');
  const someone = request.customerId ?? (request.contactName || request.contactEmail);
  if (request.onBehalfOf === 'END_CUSTOMER' && !someone) {
    throw invalid('case.customer_id', 'name the end customer, or a contact when it is no customer yet.', 'CUSTOMER_REQUIRED');
  }
  return category;
}

/** A shared case starts with whoever was asked first: the side through which it came in. */
function firstHolder(queue: Queue, openedBy: Side): Side {
  if (queue.owner === 'SHARED') return queue.partnerSees ? openedBy : 'PARENT';
  return queue.owner;
}

interface FirstPerson {
  personId: string;
  name: string;
  dedicated: boolean;
}

/** With dedicated support the person in charge of the partner first, for an hour; else the group's. */
function firstPerson(
  request: CaseRequest,
  around: Surroundings,
  configuration: Configuration,
  group: Group,
  now: Date,
): FirstPerson | null {
  const named = around.partner.supportLevel === 'dedicated' ? around.partner.relationshipManager : null;
  if (named && !isAway(configuration, named.personId, now)) return { ...named, dedicated: true };
  const member = pickMember(group, request.category, around.loads, now);
  return member && { personId: member.personId, name: member.name, dedicated: false };
}

export function isAway(configuration: Configuration, personId: string, now: Date): boolean {
  const entries: GroupMember[] = [...configuration.groups.values()].flatMap((group) =>
    group.members.filter((each) => each.personId === personId),
  );
  return entries.some((each) => !isPresent(each, now));
}

function clockFor(kind: ClockKind, priority: Priority, around: Surroundings, configuration: Configuration, group: Group, now: Date) {
  const target = targetFor(configuration, kind, around.partner.supportLevel, priority, group.calendar);
  return startClock(kind, target, configuration.calendars, now);
}
