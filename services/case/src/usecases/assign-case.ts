import type { Tx } from '@openprm/postgres';
import { findWorker } from '../db/surroundings';
import type { Case } from '../domain/case';
import type { Configuration } from '../domain/configuration';
import { isAway } from '../domain/open-case';
import { assignCase as assign, type Assignee } from '../domain/work-case';
import type { Change } from './change-case';

/** Gives a case to a person of the side that holds it; on the enterprise's side it goes to a group of that person. */
export const assignCase =
  (personId: string, internalNote: string): Change =>
  async (before, party, circumstances, tx) =>
    assign(
      before,
      party,
      await findAssignee(tx, before, personId, circumstances.configuration, circumstances.now),
      internalNote,
      circumstances,
    );

async function findAssignee(tx: Tx, before: Case, personId: string, configuration: Configuration, now: Date): Promise<Assignee | null> {
  const byPartner = before.holder.side === 'PARTNER';
  const worker = await findWorker(tx, personId, byPartner ? before.partnerId : null);
  return (
    worker && {
      ...worker,
      group: byPartner ? null : groupOf(configuration, personId, before.parentGroup),
      away: isAway(configuration, personId, now),
    }
  );
}

/** The case stays in its group when the person is in it, or is in none. */
function groupOf(configuration: Configuration, personId: string, present: string): string {
  const groups = [...configuration.groups.values()]
    .filter((group) => group.members.some((member) => member.personId === personId))
    .map((group) => group.code);
  return groups.includes(present) ? present : (groups[0] ?? present);
}
