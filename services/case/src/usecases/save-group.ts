import { aborted, invalid } from '@openprm/errors';
import { checkEtag, saveDecision, transact, type Command } from '@openprm/postgres';
import { loadConfiguration } from '../db/configuration';
import { findEnterpriseStaff, toGroupRow } from '../db/groups';
import type { Deps } from '../deps';
import type { Group } from '../domain/configuration';

export type GroupInput = Omit<Group, 'version' | 'isDuty' | 'members'> & {
  members: { personId: string; skills: string[]; absentUntil: Date | null }[];
};

/** Adds a group or replaces what is known of it. Which group is on duty stays. */
export function saveGroup(deps: Deps, command: Command, input: GroupInput, etag: string): Promise<Group> {
  return transact(deps, command, async (tx) => {
    const configuration = await loadConfiguration(tx, { withLoads: false });
    if (!configuration.calendars.has(input.calendar))
      throw invalid(
        'case_group.calendar',
        `is not a calendar; one of ${[...configuration.calendars.keys()].join(', ')}.`,
        'UNKNOWN_CALENDAR',
      );
    const staff = await findEnterpriseStaff(
      tx,
      input.members.map((each) => each.personId),
    );
    const members = input.members.map((each, index) => {
      const name = staff.get(each.personId);
      if (name === undefined) throw invalid(`case_group.members[${index}].person_id`, 'is nobody of the enterprise.', 'NOT_ASSIGNABLE');
      return { ...each, name };
    });
    const before = configuration.groups.get(input.code) ?? null;
    checkEtag(before ?? { version: 0 }, etag);
    const group: Group = { ...input, members, isDuty: before?.isDuty ?? false, version: (before?.version ?? 0) + 1 };
    const id = configuration.groupIds.get(input.code) ?? deps.newId();
    saveDecision(tx, {
      changes: [{ table: 'case_groups', row: toGroupRow(id, group), expectedVersion: before?.version ?? null }],
      audit: [
        {
          aggregate: 'case_group',
          aggregateId: id,
          version: group.version,
          at: command.now,
          move: 'save',
          fromState: '',
          toState: '',
          actor: command.actor,
          before,
          after: group,
        },
      ],
      outbox: [],
      conflicts: { case_groups_code: () => aborted() },
    });
    return group;
  });
}
