import type { Case, CaseComment, CaseDecision, CaseEvent, CommentStream, Remark } from './case';
import { noteClock, type Clock, type ClockKind } from './clock';
import type { Configuration } from './configuration';
import type { Party } from './who-may';

/** What a rule may know besides the case and what is asked. */
export interface Circumstances {
  configuration: Configuration;
  now: Date;
  newId: () => string;
  relationshipManagerId: string | null;
}

interface Outcome {
  case: Case;
  events: CaseEvent[];
  comment?: CaseComment | null;
  remark: Remark;
}

/**
 * Carries out a change. Clocks are brought up to date first, so that a breach counts from when it happened and not from when a
 * timer found it.
 */
export function decide(before: Case, circumstances: Circumstances, change: (settled: Case) => Outcome): CaseDecision {
  const { settled, events } = settle(before, circumstances);
  const outcome = change(settled);
  return {
    case: { ...outcome.case, version: before.version + 1, updatedAt: circumstances.now },
    events: [...events, ...outcome.events],
    comment: outcome.comment ?? null,
    remark: outcome.remark,
  };
}

function settle(before: Case, { configuration, now, relationshipManagerId }: Circumstances): { settled: Case; events: CaseEvent[] } {
  const noted = before.clocks.map((clock) => noteClock(clock, configuration.calendars, now));
  const settled = { ...before, clocks: noted.map((each) => each.clock) };
  const lead = configuration.groups.get(before.parentGroup)?.leadPersonId ?? null;
  const told: Record<number, string | null> = { 75: before.holder.personId, 100: lead, 150: relationshipManagerId };
  const events = noted.flatMap(({ clock, percent }): CaseEvent[] =>
    percent === null ? [] : [{ type: 'CaseClockNoted', clock: clock.kind, percent, notifyPersonId: told[percent] ?? null }],
  );
  return { settled, events };
}

export const withClock = (subject: Case, kind: ClockKind, change: (clock: Clock) => Clock): Case => ({
  ...subject,
  clocks: subject.clocks.map((clock) => (clock.kind === kind ? change(clock) : clock)),
});

/** A comment, or none when nothing was said. */
export function say(subject: Case, party: Party, stream: CommentStream, text: string, { now, newId }: Circumstances): CaseComment | null {
  if (text === '') return null;
  return {
    id: newId(),
    caseId: subject.id,
    stream,
    text,
    side: party.side,
    authorId: party.personId,
    authorName: party.name,
    createdAt: now,
  };
}
