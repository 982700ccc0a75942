import { run, type Database, type Tx } from '@openprm/postgres';
import type { Calendar } from '../domain/business-time';
import type {
  Category,
  Configuration,
  Group,
  GroupMember,
  QueuePolicy,
  RelationOwner,
  RoutingRule,
  SellingModel,
  ServiceLevelTarget,
} from '../domain/configuration';

export const ROUTING_TABLE_ID = '01900000-0000-7000-8000-000000000002';

interface StoredMember extends Omit<GroupMember, 'absentUntil'> {
  absentUntil: string | null;
}

interface StoredConfiguration {
  calendars: Calendar[];
  targets: ServiceLevelTarget[];
  policies: (QueuePolicy & { kind: 'SELLING_MODEL' | 'SERVICE_MODEL'; code: string })[];
  categories: Category[];
  groups: (Omit<Group, 'members'> & { id: string; members: StoredMember[] })[];
  rules: RoutingRule[];
  routing_version: number;
  loads?: { personId: string; load: number }[];
}

export interface LoadedConfiguration extends Configuration {
  groupIds: ReadonlyMap<string, string>;
  routingVersion: number;
  /** Open cases each member of a group holds. */
  loads: ReadonlyMap<string, number>;
}

const CONFIGURATION = `
  (select json_agg(json_build_object('code', code, 'timeZone', time_zone, 'workingDays', working_days, 'opens', opens, 'closes', closes, 'holidays', holidays) order by code) from calendars) as calendars,
  (select json_agg(json_build_object('supportLevel', support_level, 'priority', priority, 'clock', clock, 'minutes', minutes, 'calendar', calendar) order by support_level, priority, clock) from service_level_targets) as targets,
  (select json_agg(json_build_object('kind', kind, 'code', code, 'queueOwner', queue_owner, 'hidesCustomerCases', hides_customer_cases, 'partnerMayRefer', partner_may_refer)) from queue_policies) as policies,
  (select json_agg(json_build_object('code', code, 'label', label, 'queueOwner', queue_owner) order by code) from categories) as categories,
  (select json_agg(json_build_object('id', id, 'version', version, 'code', code, 'label', label, 'calendar', calendar, 'leadPersonId', lead_person_id, 'isDuty', is_duty, 'members', members) order by code) from case_groups) as groups,
  (select rules from routing_tables) as rules,
  (select version from routing_tables) as routing_version`;

const LOADS = `(select json_agg(json_build_object('personId', l.person, 'load', l.load)) from
  (select m ->> 'personId' as person, (select count(*) from cases c where c.holder_person_id = (m ->> 'personId')::uuid and c.state in ('NEW', 'OPEN', 'AWAITING_INFO', 'REOPENED')) as load
   from case_groups g cross join jsonb_array_elements(g.members) m) l) as loads`;

/** All rules and numbers that are data; one statement. Loads only where somebody has to be picked. */
export async function loadConfiguration(on: Database | Tx, { withLoads }: { withLoads: boolean }): Promise<LoadedConfiguration> {
  const [stored] = await run<StoredConfiguration>(on, `select ${CONFIGURATION}${withLoads ? `, ${LOADS}` : ''}`);
  if (!stored) throw new Error('no configuration');
  const policies = <Code>(kind: string): ReadonlyMap<Code, QueuePolicy> =>
    new Map(stored.policies.filter((each) => each.kind === kind).map((each) => [each.code as Code, each]));
  return {
    calendars: new Map(stored.calendars.map((each) => [each.code, each])),
    targets: stored.targets,
    sellingModels: policies<SellingModel>('SELLING_MODEL'),
    serviceModels: policies<RelationOwner>('SERVICE_MODEL'),
    categories: new Map(stored.categories.map((each) => [each.code, each])),
    groups: new Map(stored.groups.map((group) => [group.code, { ...group, members: group.members.map(toMember) }])),
    groupIds: new Map(stored.groups.map((group) => [group.code, group.id])),
    rules: stored.rules,
    routingVersion: stored.routing_version,
    loads: new Map((stored.loads ?? []).map(({ personId, load }) => [personId, load])),
  };
}

const toMember = (stored: StoredMember): GroupMember => ({
  ...stored,
  absentUntil: stored.absentUntil === null ? null : new Date(stored.absentUntil),
});
