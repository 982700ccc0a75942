import { failedPrecondition, illegalMove, invalid } from '@openprm/errors';
import { nextState, possibleMoves } from '@openprm/moves';
import { addBusinessDays, addBusinessTime, HOUR } from './business-time';
import { caseMoves, OPEN_STATES, type Case, type CaseContent, type CaseDecision, type CommentStream, type Side } from './case';
import { calendarOf, cancelClock, pauseClock, resumeClock, retargetClock, stopClock, type ClockKind } from './clock';
import { targetFor, type Priority, type SupportLevel } from './configuration';
import { decide, say, withClock, type Circumstances } from './decide';
import { requireMay, type Party } from './who-may';

const DAY = 24 * HOUR;
/** A closed case can be reopened for so long. */
const REOPEN_DAYS = 14;
/** Business days in which the requester is asked to answer. */
const ANSWER_DAYS = 5;
/** Business hours in which a hand-over is to be accepted. */
const ACCEPT_HOURS = 4;

export function acceptCase(before: Case, party: Party, circumstances: Circumstances): CaseDecision {
  requireMay(before, 'accept', party);
  const state = nextState(caseMoves, 'accept', before.state);
  return decide(before, circumstances, (settled) => ({
    case: { ...settled, state, holder: heldBy(settled, party), handOver: null, dedicatedUntil: null },
    events: [{ type: 'CaseAssigned' }],
    remark: { move: 'accept' },
  }));
}

const heldBy = (subject: Case, { personId, name }: { personId: string | null; name: string }) => ({
  ...subject.holder,
  personId,
  personName: name,
});

/** Who gets a case, as the directory knows the person. */
export interface Assignee {
  personId: string;
  name: string;
  /** Group by which the person works for the enterprise; null on the partner's side. */
  group: string | null;
  away: boolean;
}

export function assignCase(
  before: Case,
  party: Party,
  assignee: Assignee | null,
  internalNote: string,
  circumstances: Circumstances,
): CaseDecision {
  requireMay(before, 'assign', party);
  const state = nextState(caseMoves, 'assign', before.state);
  if (!assignee) throw invalid('person_id', 'is nobody who works on cases of this side.', 'NOT_ASSIGNABLE');
  if (assignee.away) throw failedPrecondition('PERSON_ABSENT', 'The person is away: choose somebody else.');
  return decide(before, circumstances, (settled) => ({
    case: {
      ...settled,
      state,
      holder: { side: settled.holder.side, group: assignee.group, personId: assignee.personId, personName: assignee.name },
      parentGroup: assignee.group ?? settled.parentGroup,
      handOver: null,
      dedicatedUntil: null,
    },
    events: [{ type: 'CaseAssigned' }],
    remark: { move: 'assign', internalNote },
  }));
}

/** Replies count as first response; the resolution clock stands still until the answer. */
export function requestInfo(before: Case, party: Party, question: string, circumstances: Circumstances): CaseDecision {
  requireMay(before, 'requestInfo', party);
  const state = nextState(caseMoves, 'requestInfo', before.state);
  const { now, configuration } = circumstances;
  return decide(before, circumstances, (settled) => ({
    case: {
      ...withClock(replied(settled, now), 'RESOLUTION', (clock) => pauseClock(clock, now)),
      state,
      handOver: null,
      infoRequestedAt: now,
      infoDueAt: addBusinessDays(calendarOf(configuration.calendars, settled.calendar), now, ANSWER_DAYS),
      reminders: 0,
    },
    events: [{ type: 'CaseInfoRequested' }],
    comment: say(settled, party, 'SHARED', question, circumstances),
    remark: { move: 'requestInfo', comment: question },
  }));
}

const replied = (subject: Case, now: Date): Case => withClock(subject, 'FIRST_RESPONSE', (clock) => stopClock(clock, now));

export function answerCase(before: Case, party: Party, answer: string, circumstances: Circumstances): CaseDecision {
  requireMay(before, 'answer', party);
  nextState(caseMoves, 'answer', before.state);
  return decide(before, circumstances, (settled) => ({
    case: answered(settled, circumstances),
    events: [{ type: 'CaseAnswered' }],
    comment: say(settled, party, 'SHARED', answer, circumstances),
    remark: { move: 'answer', comment: answer },
  }));
}

const answered = (subject: Case, { configuration, now }: Circumstances): Case => ({
  ...withClock(subject, 'RESOLUTION', (clock) => resumeClock(clock, configuration.calendars, now)),
  state: 'OPEN',
  infoRequestedAt: null,
  infoDueAt: null,
});

export function resolveCase(before: Case, party: Party, code: string, text: string, circumstances: Circumstances): CaseDecision {
  requireMay(before, 'resolve', party);
  const state = nextState(caseMoves, 'resolve', before.state);
  const { now } = circumstances;
  return decide(before, circumstances, (settled) => ({
    case: {
      ...withClock(replied(settled, now), 'RESOLUTION', (clock) => stopClock(clock, now)),
      state,
      handOver: null,
      resolutionCode: code,
      resolutionText: text,
      resolvedAt: now,
    },
    events: [{ type: 'CaseResolved' }],
    comment: say(settled, party, 'SHARED', text, circumstances),
    remark: { move: 'resolve', reason: code, comment: text },
  }));
}

export function closeCase(before: Case, party: Party, satisfaction: number, text: string, circumstances: Circumstances): CaseDecision {
  requireMay(before, 'close', party);
  const state = nextState(caseMoves, 'close', before.state);
  return decide(before, circumstances, (settled) => ({
    case: { ...settled, state, satisfaction, closedAt: circumstances.now },
    events: [{ type: 'CaseClosed' }],
    comment: say(settled, party, 'SHARED', text, circumstances),
    remark: { move: 'close', comment: text },
  }));
}

/** The resolution clock goes on from the time already used. */
export function reopenCase(before: Case, party: Party, text: string, circumstances: Circumstances): CaseDecision {
  requireMay(before, 'reopen', party);
  const state = nextState(caseMoves, 'reopen', before.state);
  const { configuration, now } = circumstances;
  if (before.closedAt && now.getTime() - before.closedAt.getTime() > REOPEN_DAYS * DAY) {
    throw failedPrecondition('REOPEN_TOO_LATE', `The case was closed more than ${REOPEN_DAYS} days ago: open a new one that follows it.`, {
      moves: '',
    });
  }
  return decide(before, circumstances, (settled) => ({
    case: retargeted(
      {
        ...withClock(settled, 'RESOLUTION', (clock) => resumeClock(clock, configuration.calendars, now)),
        state,
        reopenCount: settled.reopenCount + 1,
        resolutionCode: '',
        resolutionText: '',
        resolvedAt: null,
        closedAt: null,
        infoRequestedAt: null,
        infoDueAt: null,
      },
      circumstances,
    ),
    events: [{ type: 'CaseReopened' }],
    comment: say(settled, party, 'SHARED', text, circumstances),
    remark: { move: 'reopen', comment: text },
  }));
}

export function cancelCase(before: Case, party: Party, text: string, circumstances: Circumstances): CaseDecision {
  requireMay(before, 'cancel', party);
  const state = nextState(caseMoves, 'cancel', before.state);
  return decide(before, circumstances, (settled) => ({
    case: { ...settled, state, handOver: null, clocks: settled.clocks.map((clock) => cancelClock(clock, circumstances.now)) },
    events: [{ type: 'CaseCancelled' }],
    comment: say(settled, party, 'SHARED', text, circumstances),
    remark: { move: 'cancel', comment: text },
  }));
}

export interface HandOverRequest {
  toSide: Side | null;
  reason: string;
  text: string;
}

/** The other side has the case at once and is asked to accept it; clocks go on. */
export function handOverCase(
  before: Case,
  party: Party,
  { toSide, reason, text }: HandOverRequest,
  circumstances: Circumstances,
): CaseDecision {
  requireMay(before, 'handOver', party);
  const state = nextState(caseMoves, 'handOver', before.state);
  const fromSide = before.holder.side;
  const to = toSide ?? otherSide(fromSide);
  if (to === fromSide) throw failedPrecondition('HAND_OVER_NOT_ALLOWED', 'That side holds the case already.');
  const { configuration, now } = circumstances;
  const acceptUntil = addBusinessTime(calendarOf(configuration.calendars, before.calendar), now, ACCEPT_HOURS * HOUR);
  return decide(before, circumstances, (settled) => ({
    case: {
      ...settled,
      state,
      holder: { side: to, group: to === 'PARENT' ? settled.parentGroup : null, personId: null, personName: '' },
      handOver: { fromSide, toSide: to, reason, requestedAt: now, acceptUntil },
      parentSees: settled.parentSees || to === 'PARENT',
    },
    events: [{ type: 'CaseHandedOver' }],
    comment: say(settled, party, 'SHARED', text, circumstances),
    remark: { move: 'handOver', reason, comment: text },
  }));
}

const otherSide = (side: Side): Side => (side === 'PARTNER' ? 'PARENT' : 'PARTNER');

export function acceptHandOver(before: Case, party: Party, circumstances: Circumstances): CaseDecision {
  const state = nextState(caseMoves, 'acceptHandOver', before.state);
  if (!before.handOver)
    throw failedPrecondition('NO_HAND_OVER', 'No hand-over waits for acceptance.', {
      moves: possibleMoves(caseMoves, before.state).join(),
    });
  requireMay(before, 'acceptHandOver', party);
  return decide(before, circumstances, (settled) => ({
    case: { ...settled, state, holder: heldBy(settled, party), handOver: null },
    events: [{ type: 'CaseHandOverAccepted' }],
    remark: { move: 'acceptHandOver' },
  }));
}

function requireOpen(subject: Case, move: string): void {
  if (!OPEN_STATES.includes(subject.state)) throw illegalMove(move, subject.state, possibleMoves(caseMoves, subject.state));
}

/** New targets are measured from the original start. */
export function prioritiseCase(before: Case, party: Party, priority: Priority, text: string, circumstances: Circumstances): CaseDecision {
  requireMay(before, 'prioritise', party);
  requireOpen(before, 'prioritise');
  if (priority === before.priority) throw invalid('priority', 'is the priority already.', 'UNCHANGED');
  return decide(before, circumstances, (settled) => ({
    case: retargeted({ ...settled, priority }, circumstances),
    events: [{ type: 'CaseReprioritised' }],
    comment: say(settled, party, 'SHARED', text, circumstances),
    remark: { move: 'prioritise', reason: `${before.priority}_TO_${priority}`, comment: text },
  }));
}

/** The partner's tier brought another support level. Null when it is the same. */
export function changeSupportLevel(before: Case, supportLevel: SupportLevel, circumstances: Circumstances): CaseDecision | null {
  if (supportLevel === before.supportLevel || !OPEN_STATES.includes(before.state)) return null;
  return decide(before, circumstances, (settled) => ({
    case: retargeted({ ...settled, supportLevel }, circumstances),
    events: [{ type: 'CaseReprioritised' }],
    remark: { move: 'changeSupportLevel', reason: supportLevel.toUpperCase() },
  }));
}

function retargeted(subject: Case, { configuration, now }: Circumstances): Case {
  const target = (kind: ClockKind) => targetFor(configuration, kind, subject.supportLevel, subject.priority, subject.calendar);
  return { ...subject, clocks: subject.clocks.map((clock) => retargetClock(clock, target(clock.kind), configuration.calendars, now)) };
}

export function excuseBreach(before: Case, party: Party, kind: ClockKind, reason: string, circumstances: Circumstances): CaseDecision {
  requireMay(before, 'excuseBreach', party);
  return decide(before, circumstances, (settled) => {
    if (!settled.clocks.some((clock) => clock.kind === kind && clock.breachedAt))
      throw failedPrecondition('NOT_BREACHED', 'The clock has not run over.');
    return {
      case: withClock(settled, kind, (clock) => ({ ...clock, excuse: reason })),
      events: [{ type: 'CaseBreachExcused', clock: kind }],
      remark: { move: 'excuseBreach', reason: kind, internalNote: reason },
    };
  });
}

/** Corrects what was written. */
export function updateCase(before: Case, content: Partial<CaseContent>, circumstances: Circumstances): CaseDecision {
  if (before.state === 'CLOSED' || before.state === 'CANCELLED')
    throw illegalMove('update', before.state, possibleMoves(caseMoves, before.state));
  const { categories } = circumstances.configuration;
  if (content.category !== undefined && !categories.has(content.category))
    throw invalid('case.category', 'is not a category.', 'UNKNOWN_CATEGORY');
  return decide(before, circumstances, (settled) => ({
    case: { ...settled, ...content },
    events: [{ type: 'CaseUpdated' }],
    remark: { move: 'update' },
  }));
}

/**
 * Says something. The holder's first shared word is the first response; the requester's word while an answer is waited for is the
 * answer, unless the requester's side is the holder's and may be talking to itself.
 */
export function commentCase(before: Case, party: Party, stream: CommentStream, text: string, circumstances: Circumstances): CaseDecision {
  if (before.state === 'CLOSED' || before.state === 'CANCELLED')
    throw illegalMove('comment', before.state, possibleMoves(caseMoves, before.state));
  return decide(before, circumstances, (settled) => {
    const comment = say(settled, party, stream, text, circumstances);
    if (!comment) throw invalid('comment.text', 'say something.', 'REQUIRED');
    const isAnswer =
      stream === 'SHARED' &&
      settled.state === 'AWAITING_INFO' &&
      party.side === settled.requesterSide &&
      party.side !== settled.holder.side;
    const next = isAnswer
      ? answered(settled, circumstances)
      : isReply(settled, party, stream)
        ? replied(settled, circumstances.now)
        : settled;
    return {
      case: next,
      events: [...(isAnswer ? [{ type: 'CaseAnswered' as const }] : []), { type: 'CaseCommented', comment }],
      comment,
      remark: { move: isAnswer ? 'answer' : 'comment', ...(stream === 'SHARED' ? { comment: text } : { internalNote: text }) },
    };
  });
}

const isReply = (subject: Case, party: Party, stream: CommentStream): boolean =>
  stream === 'SHARED' &&
  party.side === subject.holder.side &&
  !(party.side === subject.requesterSide && party.personId === subject.openedBy);
