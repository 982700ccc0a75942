import { addBusinessDays } from './business-time';
import { OPEN_STATES, type Case, type CaseDecision } from './case';
import { calendarOf, nextNote, stopClock } from './clock';
import { dutyGroup, type Configuration } from './configuration';
import { decide, withClock, type Circumstances } from './decide';
import { pickMember } from './routing';

export type DeadlineKind = 'noteClock' | 'handOverFallsBack' | 'routeToGroup' | 'remind' | 'timeOut' | 'autoClose';

export interface Deadline {
  kind: DeadlineKind;
  at: Date;
}

/** Business days after the question on which the requester is reminded, and after which the case counts as solved. */
const REMIND_AFTER = [3, 7] as const;
const SILENT_AFTER = 10;
/** Business days after which a solution counts as accepted. */
const CLOSE_AFTER = 5;

/** The next thing that happens by itself; null when the case waits for nothing. */
export function nextDeadline(subject: Case, configuration: Configuration): Deadline | null {
  const calendar = calendarOf(configuration.calendars, subject.calendar);
  const deadlines: Deadline[] = subject.clocks.flatMap((clock) => {
    const note = nextNote(clock, configuration.calendars);
    return note ? [{ kind: 'noteClock' as const, at: note.at }] : [];
  });
  if (subject.handOver) deadlines.push({ kind: 'handOverFallsBack', at: subject.handOver.acceptUntil });
  if (subject.state === 'NEW' && subject.dedicatedUntil) deadlines.push({ kind: 'routeToGroup', at: subject.dedicatedUntil });
  if (subject.state === 'AWAITING_INFO' && subject.infoRequestedAt) {
    const remind = REMIND_AFTER[subject.reminders];
    deadlines.push({ kind: remind ? 'remind' : 'timeOut', at: addBusinessDays(calendar, subject.infoRequestedAt, remind ?? SILENT_AFTER) });
  }
  if (subject.state === 'RESOLVED' && subject.resolvedAt)
    deadlines.push({ kind: 'autoClose', at: addBusinessDays(calendar, subject.resolvedAt, CLOSE_AFTER) });
  return deadlines.toSorted((left, right) => left.at.getTime() - right.at.getTime())[0] ?? null;
}

/** What happens at a deadline, with the load of people for the case that somebody has to be picked. */
export function meetDeadline(
  before: Case,
  kind: DeadlineKind,
  loads: ReadonlyMap<string, number>,
  circumstances: Circumstances,
): CaseDecision {
  return decide(before, circumstances, (settled) => OUTCOMES[kind](settled, circumstances, loads));
}

type Outcome = (settled: Case, circumstances: Circumstances, loads: ReadonlyMap<string, number>) => Omit<CaseDecision, 'comment'>;

const OUTCOMES: Record<DeadlineKind, Outcome> = {
  noteClock: (settled) => ({ case: settled, events: [], remark: { move: 'noteClock' } }),

  handOverFallsBack: (settled, { configuration }) => {
    const toParent = settled.handOver?.toSide === 'PARENT';
    const duty = dutyGroup(configuration).code;
    return {
      case: {
        ...settled,
        handOver: null,
        holder: { side: settled.holder.side, group: toParent ? duty : null, personId: null, personName: '' },
        parentGroup: toParent ? duty : settled.parentGroup,
      },
      events: [{ type: 'CaseHandOverFellBack' }],
      remark: { move: 'handOverFallsBack' },
    };
  },

  routeToGroup: (settled, { configuration, now }, loads) => {
    const group = configuration.groups.get(settled.parentGroup) ?? dutyGroup(configuration);
    const member = pickMember(group, settled.category, loads, now);
    return {
      case: {
        ...settled,
        dedicatedUntil: null,
        holder: { ...settled.holder, group: group.code, personId: member?.personId ?? null, personName: member?.name ?? '' },
      },
      events: [{ type: 'CaseRouted' }],
      remark: { move: 'routeToGroup' },
    };
  },

  remind: (settled) => ({
    case: { ...settled, reminders: settled.reminders + 1 },
    events: [{ type: 'CaseReminded' }],
    remark: { move: 'remind' },
  }),

  timeOut: (settled, { now }) => ({
    case: {
      ...withClock(settled, 'RESOLUTION', (clock) => stopClock(clock, now)),
      state: 'RESOLVED',
      resolutionCode: 'NO_RESPONSE',
      resolvedAt: now,
      infoRequestedAt: null,
      infoDueAt: null,
    },
    events: [{ type: 'CaseResolved' }],
    remark: { move: 'timeOut', reason: 'NO_RESPONSE' },
  }),

  autoClose: (settled, { now }) => ({
    case: { ...settled, state: 'CLOSED', closedAt: now },
    events: [{ type: 'CaseClosed' }],
    remark: { move: 'close', reason: 'NO_OBJECTION' },
  }),
};

/** A partner has ended: the enterprise works on with its open cases. Null when it does so already. */
export function takeOverCase(before: Case, circumstances: Circumstances): CaseDecision | null {
  if (!OPEN_STATES.includes(before.state) || (before.holder.side === 'PARENT' && before.queueOwner === 'PARENT')) return null;
  const { code } = dutyGroup(circumstances.configuration);
  return decide(before, circumstances, (settled) => ({
    case: {
      ...settled,
      queueOwner: 'PARENT',
      parentSees: true,
      handOver: null,
      holder: settled.holder.side === 'PARENT' ? settled.holder : { side: 'PARENT', group: code, personId: null, personName: '' },
    },
    events: [{ type: 'CaseHandedOver' }],
    remark: { move: 'takeOver', reason: 'PARTNER_TERMINATED' },
  }));
}
