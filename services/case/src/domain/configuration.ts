import type { Calendars, ClockKind, Target } from './clock';

export type Priority = 'P1' | 'P2' | 'P3' | 'P4';
export type SupportLevel = 'email' | 'priority' | 'dedicated';
export type QueueOwner = 'PARTNER' | 'PARENT' | 'SHARED';
export type SellingModel = 'REFERRAL' | 'REG_PARENT_RETAINS' | 'REG_PARTNER_RETAINS' | 'DUAL' | 'WHITE_LABEL';
/** Service models of an end customer: must go to the partner, must go to the enterprise, may go to either. */
export type RelationOwner = 'PARTNER' | 'PARENT' | 'BOTH';

export interface ServiceLevelTarget {
  supportLevel: SupportLevel;
  priority: Priority;
  clock: ClockKind;
  minutes: number;
  /** Null for the calendar of the team. */
  calendar: string | null;
}

export interface QueuePolicy {
  queueOwner: QueueOwner;
  /** Cases that the customer opened are kept from the partner. */
  hidesCustomerCases: boolean;
  /** The partner may pass a case of its own queue on to the enterprise. */
  partnerMayRefer: boolean;
}

export interface Category {
  code: string;
  label: string;
  queueOwner: QueueOwner;
}

export interface GroupMember {
  personId: string;
  name: string;
  skills: string[];
  absentUntil: Date | null;
}

export interface Group {
  code: string;
  label: string;
  calendar: string;
  leadPersonId: string | null;
  /** Gets what no rule wants and what nobody accepts. */
  isDuty: boolean;
  version: number;
  members: GroupMember[];
}

export interface RoutingRule {
  category: string;
  productFamily: string;
  language: string;
  country: string;
  tier: string;
  priority: Priority | '';
  group: string;
}

/** All numbers and rules that are data. */
export interface Configuration {
  calendars: Calendars;
  targets: ServiceLevelTarget[];
  sellingModels: ReadonlyMap<SellingModel, QueuePolicy>;
  serviceModels: ReadonlyMap<RelationOwner, QueuePolicy>;
  categories: ReadonlyMap<string, Category>;
  groups: ReadonlyMap<string, Group>;
  rules: RoutingRule[];
}

export function dutyGroup(configuration: Configuration): Group {
  const group = [...configuration.groups.values()].find((each) => each.isDuty);
  if (!group) throw new Error('no duty group');
  return group;
}

/** Time allowed. A level nobody has set numbers for gets those of mail support. */
export function targetFor(
  configuration: Configuration,
  clock: ClockKind,
  level: SupportLevel,
  priority: Priority,
  teamCalendar: string,
): Target {
  const of = (wanted: SupportLevel) =>
    configuration.targets.find((each) => each.clock === clock && each.supportLevel === wanted && each.priority === priority);
  const target = of(level) ?? of('email');
  if (!target) throw new Error(`no target for ${clock} ${level} ${priority}`);
  return { allowanceMinutes: target.minutes, calendar: target.calendar ?? teamCalendar };
}
