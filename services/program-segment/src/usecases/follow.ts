import { EVERYTHING, SYSTEM } from '@openprm/access';
import { transact, type Command, type Tx } from '@openprm/postgres';
import { findDesk, listDesks, lockFreePartners, type Desk } from '../db/desks';
import { partnersDue, partnersToMigrate } from '../db/due';
import { listPublished } from '../db/programs';
import type { Deps } from '../deps';
import type { EnrolmentDecision, EnrolmentEvent } from '../domain/enrolment';
import { followClock, followPartner } from '../domain/follow';
import { migrateEnrolment } from '../domain/migrate';
import type { Membership } from '../domain/partnership';
import type { Program } from '../domain/program';
import { storeSteps, type Because, type Step } from './store';

/** What the system does by itself. Each may run in several copies of the service at once: partners that one works on the others leave out. */

const commandOf = (method: string, now: Date): Command => ({ actor: SYSTEM, principal: 'system', method, now, fingerprint: '' });

/** Suspends, reinstates or ends enrolments as the partner's own state asks, and tells others when its state or name is news to them. */
export async function followPartnerState(tx: Tx, deps: Deps, partnerId: string, now: Date): Promise<void> {
  const desk = await findDesk(tx, EVERYTHING, partnerId);
  if (!desk || desk.version === 0) return;
  const { partner, told } = desk;
  const steps = stepsOf(desk, now, ({ enrolment, program }) => ({ decision: followPartner(enrolment, partner.state, now), program }));
  if (steps.length > 0 || told?.state !== partner.state || told.name !== partner.name) storeSteps(tx, deps, desk, steps, now);
}

/** Ends notices and invitations that have run, suspends where changed terms were not accepted. Gives how many partners were touched. */
export function runDueMoves(deps: Deps): Promise<number> {
  const now = deps.clock();
  return inBatches(
    deps,
    commandOf('RunDueMoves', now),
    () => partnersDue(deps.database, now),
    async (_tx, desks) =>
      desks.map((desk) => [desk, stepsOf(desk, now, ({ enrolment, program }) => ({ decision: followClock(enrolment, now), program }))]),
  );
}

/** Lets members follow the version in force of their program where its publication said so. Gives how many partners were touched. */
export function migrateEnrolments(deps: Deps): Promise<number> {
  const now = deps.clock();
  return inBatches(
    deps,
    commandOf('MigrateEnrolments', now),
    () => partnersToMigrate(deps.database),
    async (tx, desks) => {
      const programIds = desks.flatMap((desk) => desk.memberships.map(({ enrolment }) => enrolment.programId));
      const published = await listPublished(tx, [...new Set(programIds)]);
      return desks.map((desk) => [desk, stepsOf(desk, now, (membership) => migrationOf(membership, published, now))]);
    },
  );
}

interface Outcome {
  /** Null when nothing is to be done. */
  decision: EnrolmentDecision | null;
  program: Program;
}

function migrationOf({ enrolment, program }: Membership, published: Map<string, Program>, now: Date): Outcome {
  const newer = published.get(enrolment.programId);
  if (!newer?.migratesEnrolments || newer.number <= enrolment.programNumber) return { decision: null, program };
  return { decision: migrateEnrolment(enrolment, newer, now), program: newer };
}

const stepsOf = (desk: Desk, now: Date, rule: (membership: Membership) => Outcome): Step[] =>
  desk.memberships.flatMap((membership) => {
    const { decision, program } = rule(membership);
    return decision ? [{ before: membership.enrolment, decision, program, why: whyOf(decision, now) }] : [];
  });

const MOVE_NAMES: Partial<Record<EnrolmentEvent['type'], string>> = {
  EnrolmentSuspended: 'suspend',
  EnrolmentReinstated: 'reinstate',
  EnrolmentTerminated: 'terminate',
  EnrolmentExpired: 'expire',
  EnrolmentRejected: 'reject',
  EnrolmentMigrated: 'migrate',
};

/** In the history a system's move has the name that the same move of a person has. */
function whyOf({ enrolment, event }: EnrolmentDecision, now: Date): Because {
  const reason = event.type === 'EnrolmentMigrated' ? '' : enrolment.stateReason;
  return { move: MOVE_NAMES[event.type] ?? event.type, actor: SYSTEM, now, reason };
}

type Work = (tx: Tx, desks: Desk[]) => Promise<[Desk, Step[]][]>;

/** One transaction per batch, until a batch finds nothing that is free. */
async function inBatches(deps: Deps, command: Command, find: () => Promise<string[]>, work: Work): Promise<number> {
  let total = 0;
  for (;;) {
    const partnerIds = await find();
    const touched = partnerIds.length === 0 ? 0 : await transact(deps, command, (tx) => workOn(tx, deps, partnerIds, command.now, work));
    if (touched === 0) return total;
    total += touched;
  }
}

async function workOn(tx: Tx, deps: Deps, partnerIds: string[], now: Date, work: Work): Promise<number> {
  const desks = await listDesks(tx, await lockFreePartners(tx, partnerIds));
  const due = (await work(tx, desks)).filter(([, steps]) => steps.length > 0);
  for (const [desk, steps] of due) storeSteps(tx, deps, desk, steps, now);
  return due.length;
}
