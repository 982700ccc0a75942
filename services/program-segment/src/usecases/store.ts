import { aborted, alreadyExists, failedPrecondition } from '@openprm/errors';
import { saveDecision, type Actor, type Change, type Command, type Tx } from '@openprm/postgres';
import { toSegmentRow } from '../db/catalogue';
import type { Desk } from '../db/desks';
import { toEnrolmentRow } from '../db/enrolment-rows';
import type { EnrolmentView } from '../db/enrolments';
import { toProgramRow } from '../db/program-rows';
import type { Deps } from '../deps';
import type { Enrolment, EnrolmentDecision } from '../domain/enrolment';
import { partnershipOf, type Membership, type Partnership } from '../domain/partnership';
import type { Program, ProgramDecision } from '../domain/program';
import type { Segment, SegmentDecision } from '../domain/segment';
import { enrolmentEvent, partnershipEvent, programEvent, segmentEvent } from '../events/to-contract';

/** Why and by whom, for the audit. */
export interface Because {
  move: string;
  actor: Actor;
  now: Date;
  reason?: string;
  /** Both sides read it. */
  comment?: string;
  internalNote?: string;
}

export const because = (command: Command, move: string, why: Pick<Because, 'reason' | 'comment' | 'internalNote'> = {}): Because => ({
  move,
  actor: command.actor,
  now: command.now,
  ...why,
});

/** Refuses a write based on something that is no longer the newest; an empty etag accepts any. */
export function checkEtag(current: string, etag: string): void {
  if (etag !== '' && etag.replaceAll('"', '') !== current) throw aborted();
}

const told = ({ move, actor, reason, comment, internalNote }: Because) => ({ move, actor, reason, comment, internalNote });

const draftExists = (): Error => failedPrecondition('DRAFT_EXISTS', 'The program has a draft already: read it again.');

export function storeProgram(tx: Tx, deps: Deps, before: Program | null, { program, event }: ProgramDecision, why: Because): Program {
  saveDecision(tx, {
    changes: [{ table: 'programs', row: toProgramRow(program), expectedVersion: before?.version ?? null }],
    audit: [
      {
        aggregate: 'program',
        aggregateId: program.id,
        version: program.version,
        at: why.now,
        fromState: before?.state ?? '',
        toState: program.state,
        before,
        after: program,
        ...told(why),
      },
    ],
    outbox: [programEvent(program, event, { now: why.now, newId: deps.newId })],
    conflicts: { programs_number: draftExists, programs_one_draft: draftExists, programs_one_published: () => aborted() },
  });
  return program;
}

export function storeSegment(tx: Tx, deps: Deps, before: Segment | null, decision: SegmentDecision, why: Because): Segment {
  const { segment } = decision;
  saveDecision(tx, {
    changes: [{ table: 'segments', row: toSegmentRow(segment), expectedVersion: before?.version ?? null }],
    audit: [
      {
        aggregate: 'segment',
        aggregateId: segment.id,
        version: segment.version,
        at: why.now,
        fromState: '',
        toState: '',
        before,
        after: segment,
        ...told(why),
      },
    ],
    outbox: [segmentEvent(decision, { now: why.now, newId: deps.newId })],
    conflicts: { segments_code: () => alreadyExists('CODE_TAKEN', `segment.code: there is a segment ${segment.code} already.`) },
  });
  return segment;
}

/** One enrolment's way from before to after, and the program version it then points to. */
export interface Step {
  before: Enrolment | null;
  decision: EnrolmentDecision;
  program: Program;
  why: Because;
}

/**
 * Stores what became of a partner's enrolments and, in the same breath, what its partnership now is: there is no other way to change an
 * enrolment, so nobody elsewhere is left with entitlements that no longer hold.
 */
export function storeSteps(tx: Tx, deps: Deps, desk: Desk, steps: Step[], now: Date): EnrolmentView[] {
  const making = { now, newId: deps.newId };
  const views = steps.map((step) => viewOf(desk, step));
  const partnership = partnershipAfter(desk, steps, now);
  saveDecision(tx, {
    changes: [...steps.map(enrolmentChange), partnershipChange(desk, partnership)],
    audit: steps.map(auditOf),
    outbox: [...steps.map(({ decision }, at) => enrolmentEvent(views[at]!, decision.event, making)), partnershipEvent(partnership, making)],
    conflicts: {
      enrolments_once: () =>
        alreadyExists('ALREADY_ENROLLED', 'The partner already takes part in this program, or has an open invitation or application.'),
      enrolments_external_id: () => alreadyExists('ALREADY_ENROLLED', 'external_id: belongs to another enrolment.'),
      partnerships_pkey: () => aborted(),
    },
  });
  return views;
}

export const viewOf = (desk: Desk, { decision, program }: Pick<Step, 'decision' | 'program'>): EnrolmentView => ({
  enrolment: decision.enrolment,
  partnerName: desk.partner.name,
  programName: program.terms.name,
  programKind: program.terms.kind,
});

function partnershipAfter(desk: Desk, steps: Step[], now: Date): Partnership {
  const changed = new Map<string, Membership>(
    steps.map(({ decision, program }) => [decision.enrolment.id, { enrolment: decision.enrolment, program }]),
  );
  const untouched = desk.memberships.filter(({ enrolment }) => !changed.has(enrolment.id));
  return partnershipOf(desk.partner, [...untouched, ...changed.values()], desk.version + 1, now);
}

const enrolmentChange = ({ before, decision }: Step): Change => ({
  table: 'enrolments',
  row: toEnrolmentRow(decision.enrolment),
  expectedVersion: before?.version ?? null,
});

const partnershipChange = (desk: Desk, { partner, version, updatedAt }: Partnership): Change => ({
  table: 'partnerships',
  row: { id: partner.id, version, partner_name: partner.name, partner_state: partner.state, updated_at: updatedAt },
  expectedVersion: desk.version === 0 ? null : desk.version,
});

const auditOf = ({ before, decision: { enrolment }, why }: Step) => ({
  aggregate: 'enrolment',
  aggregateId: enrolment.id,
  version: enrolment.version,
  at: why.now,
  fromState: before?.state ?? '',
  toState: enrolment.state,
  before,
  after: enrolment,
  ...told(why),
});
