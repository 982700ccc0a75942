import { word } from '@openprm/contracts';
import {
  ClockKind,
  Priority,
  QueueOwner,
  type CaseGroup,
  type CaseServiceServer,
  type RoutingRule as RuleMessage,
  type RoutingTable,
} from '@openprm/contracts/supportcase';
import type { Handlers } from '@openprm/grpc';
import { loadConfiguration } from '../db/configuration';
import type { Deps } from '../deps';
import type { Group, RoutingRule } from '../domain/configuration';
import { saveGroup, type GroupInput } from '../usecases/save-group';
import { saveRouting } from '../usecases/save-routing';

type ConfigurationHandlers = Pick<
  Handlers<CaseServiceServer>,
  'listCaseCategories' | 'listCaseGroups' | 'saveCaseGroup' | 'getRoutingTable' | 'saveRoutingTable' | 'getServiceLevels'
>;

export function configurationHandlers(deps: Deps): ConfigurationHandlers {
  const load = (withLoads: boolean) => loadConfiguration(deps.database, { withLoads });
  return {
    listCaseCategories: async () => {
      const { categories } = await load(false);
      return { caseCategories: [...categories.values()].map((each) => ({ ...each, queueOwner: QueueOwner[each.queueOwner] })) };
    },
    listCaseGroups: async () => {
      const { groups, loads } = await load(true);
      return { caseGroups: [...groups.values()].map((group) => toGroup(group, loads)) };
    },
    saveCaseGroup: async ({ caseGroup, etag }, { command }) =>
      toGroup(await saveGroup(deps, command, toGroupInput(caseGroup!), etag), new Map()),
    getRoutingTable: async () => {
      const { rules, routingVersion } = await load(false);
      return toTable(rules, routingVersion);
    },
    saveRoutingTable: async ({ routingTable, etag }, { command }) => {
      const saved = await saveRouting(deps, command, routingTable!.rules.map(toRule), etag);
      return toTable(saved.rules, saved.version);
    },
    getServiceLevels: async () => {
      const { targets, calendars } = await load(false);
      return {
        targets: targets.map(({ supportLevel, priority, clock, minutes, calendar }) => ({
          supportLevel,
          priority: Priority[priority],
          clock: ClockKind[clock],
          allowanceMinutes: BigInt(minutes),
          calendar: calendar ?? '',
        })),
        calendars: [...calendars.values()].map((each) => ({ ...each, workingDays: [...each.workingDays], holidays: [...each.holidays] })),
      };
    },
  };
}

const toGroup = (group: Group, loads: ReadonlyMap<string, number>): CaseGroup => ({
  code: group.code,
  label: group.label,
  calendar: group.calendar,
  leadPersonId: group.leadPersonId ?? '',
  members: group.members.map(({ personId, name, skills, absentUntil }) => ({
    personId,
    name,
    skills,
    absentUntil: absentUntil ?? undefined,
    load: loads.get(personId) ?? 0,
  })),
  etag: String(group.version),
});

const toGroupInput = ({ code, label, calendar, leadPersonId, members }: CaseGroup): GroupInput => ({
  code,
  label,
  calendar,
  leadPersonId: leadPersonId || null,
  members: members.map(({ personId, skills, absentUntil }) => ({ personId, skills, absentUntil: absentUntil ?? null })),
});

const toRule = (rule: RuleMessage): RoutingRule => ({ ...rule, priority: word(Priority, rule.priority) ?? '' });

const toTable = (rules: RoutingRule[], version: number): RoutingTable => ({
  rules: rules.map((rule) => ({ ...rule, priority: rule.priority ? Priority[rule.priority] : Priority.UNSPECIFIED })),
  etag: String(version),
});
