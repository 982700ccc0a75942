import { invalid, PrmError, type Violation } from '@openprm/errors';
import { transact, type Command, type Tx } from '@openprm/postgres';
import { listDesks, lockPartners, type Desk } from '../db/desks';
import { findImported } from '../db/enrolments';
import { listPublished } from '../db/programs';
import type { Deps } from '../deps';
import { importEnrolment } from '../domain/enrol';
import type { Program } from '../domain/program';
import { because, storeSteps, type Step } from './store';

export type ImportResult =
  | { externalId: string; outcome: 'CREATED' | 'UNCHANGED'; id: string }
  | { externalId: string; outcome: 'REFUSED'; violations: Violation[] };

export interface ImportItem {
  externalId: string;
  partnerId: string;
  programId: string;
  tier: string;
  segments: string[];
  termStartsAt: Date | null;
}

/** Only say what would happen. */
class DryRun extends Error {
  constructor(readonly results: ImportResult[]) {
    super('dry run');
  }
}

/** Records enrolments that are in force; each item is answered on its own, a refused one writes nothing. Five statements however many. */
export async function importEnrolments(deps: Deps, command: Command, items: ImportItem[], validateOnly: boolean): Promise<ImportResult[]> {
  try {
    return await transact(deps, command, async (tx) => {
      const results = await importAll(tx, deps, command, items);
      if (validateOnly) throw new DryRun(results);
      return results;
    });
  } catch (error) {
    if (error instanceof DryRun) return error.results;
    throw error;
  }
}

async function importAll(tx: Tx, deps: Deps, command: Command, items: ImportItem[]): Promise<ImportResult[]> {
  await lockPartners(
    tx,
    items.map((item) => item.partnerId),
  );
  const desks = new Map(
    (
      await listDesks(
        tx,
        items.map((item) => item.partnerId),
      )
    ).map((desk) => [desk.partner.id, desk]),
  );
  const programs = await listPublished(
    tx,
    items.map((item) => item.programId),
  );
  const known = await findImported(
    tx,
    items.map((item) => item.externalId),
  );
  const steps = new Map<Desk, Step[]>();
  const results = items.map((item) =>
    answerItem(item, known, () => {
      const desk = desks.get(item.partnerId);
      const program = programs.get(item.programId);
      if (!desk) throw invalid('partner_id', 'is not a partner.', 'UNKNOWN_PARTNER');
      if (!program) throw invalid('program_id', 'has no version in force.', 'UNKNOWN_PROGRAM');
      requireFree(desk, steps.get(desk) ?? [], item);
      const step = stepOf(deps, command, item, desk, program);
      steps.set(desk, [...(steps.get(desk) ?? []), step]);
      return step.decision.enrolment.id;
    }),
  );
  for (const [desk, made] of steps) storeSteps(tx, deps, desk, made, command.now);
  return results;
}

function stepOf(deps: Deps, command: Command, item: ImportItem, desk: Desk, program: Program): Step {
  const decision = importEnrolment(
    deps.newId(),
    desk.partner,
    program,
    { ...item, termStartsAt: item.termStartsAt ?? command.now },
    command.now,
  );
  return { before: null, decision, program, why: because(command, 'import') };
}

function requireFree(desk: Desk, steps: Step[], { programId }: ImportItem): void {
  const enrolled = [...desk.memberships.map(({ enrolment }) => enrolment), ...steps.map(({ decision }) => decision.enrolment)];
  if (enrolled.some((enrolment) => enrolment.programId === programId))
    throw invalid('program_id', 'the partner takes part in it already.', 'ALREADY_ENROLLED');
}

/** What is known is unchanged, what a rule refuses says why. */
function answerItem({ externalId }: ImportItem, known: Map<string, string>, create: () => string): ImportResult {
  const id = known.get(externalId);
  if (id) return { externalId, outcome: 'UNCHANGED', id };
  try {
    const created = create();
    known.set(externalId, created);
    return { externalId, outcome: 'CREATED', id: created };
  } catch (error) {
    if (!(error instanceof PrmError)) throw error;
    return {
      externalId,
      outcome: 'REFUSED',
      violations: error.details.violations ?? [{ field: '', description: error.message, reason: error.reason }],
    };
  }
}
