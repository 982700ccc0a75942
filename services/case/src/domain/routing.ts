import { dutyGroup, type Configuration, type Group, type GroupMember, type Priority, type RoutingRule } from './configuration';

export interface RoutingFacts {
  category: string;
  productFamily: string;
  language: string;
  country: string;
  tier: string;
  priority: Priority;
}

/** The group of the first rule that holds, else the duty group. */
export function findGroup(configuration: Configuration, facts: RoutingFacts): Group {
  const rule = configuration.rules.find((each) => holds(each, facts));
  return (rule && configuration.groups.get(rule.group)) ?? dutyGroup(configuration);
}

const CONDITIONS = ['category', 'productFamily', 'language', 'country', 'tier', 'priority'] as const;

const holds = (rule: RoutingRule, facts: RoutingFacts): boolean =>
  CONDITIONS.every((each) => rule[each] === '' || rule[each].toLowerCase() === facts[each].toLowerCase());

export const isPresent = (member: GroupMember, now: Date): boolean => member.absentUntil === null || member.absentUntil <= now;

/** Whoever is present, knows the category if anybody does, and has the fewest open cases. Null when nobody is there. */
export function pickMember(group: Group, category: string, loads: ReadonlyMap<string, number>, now: Date): GroupMember | null {
  const present = group.members.filter((each) => isPresent(each, now));
  const skilled = present.filter((each) => each.skills.includes(category));
  const load = (member: GroupMember): number => loads.get(member.personId) ?? 0;
  const candidates = (skilled.length > 0 ? skilled : present).toSorted(
    (left, right) => load(left) - load(right) || left.personId.localeCompare(right.personId),
  );
  return candidates[0] ?? null;
}
