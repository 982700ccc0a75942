import { addBusinessTime, businessTimeBetween, type Calendar } from './business-time';

export type ClockKind = 'FIRST_RESPONSE' | 'RESOLUTION';
export type ClockState = 'RUNNING' | 'PAUSED' | 'MET' | 'BREACHED' | 'CANCELLED';

/** Time allowed, in business minutes of a calendar. */
export interface Target {
  allowanceMinutes: number;
  calendar: string;
}

export interface Pause {
  from: Date;
  to: Date | null;
}

export interface PreviousTarget {
  allowanceMinutes: number;
  dueAt: Date;
  replacedAt: Date;
}

export interface Clock extends Target {
  kind: ClockKind;
  state: ClockState;
  startedAt: Date;
  dueAt: Date;
  stoppedAt: Date | null;
  /** Set once and for good. */
  breachedAt: Date | null;
  excuse: string;
  /** Highest of the noted shares that was told to somebody. */
  notedPercent: number;
  pauses: Pause[];
  previousTargets: PreviousTarget[];
}

/** A warning, a breach told to the group's lead, an escalation to the relationship manager. */
export const NOTED_PERCENTS = [75, 100, 150] as const;

export type Calendars = ReadonlyMap<string, Calendar>;

const MINUTE = 60_000;

export function calendarOf(calendars: Calendars, code: string): Calendar {
  const calendar = calendars.get(code);
  if (!calendar) throw new Error(`no calendar ${code}`);
  return calendar;
}

export function startClock(kind: ClockKind, target: Target, calendars: Calendars, now: Date): Clock {
  const clock: Clock = {
    ...target,
    kind,
    state: 'RUNNING',
    startedAt: now,
    dueAt: now,
    stoppedAt: null,
    breachedAt: null,
    excuse: '',
    notedPercent: 0,
    pauses: [],
    previousTargets: [],
  };
  return { ...clock, dueAt: timeOf(clock, 100, calendars) };
}

/** When `percent` of the allowance will be used up: counted from the start, moved on by the working time of each ended pause. */
export function timeOf(clock: Clock, percent: number, calendars: Calendars): Date {
  const calendar = calendarOf(calendars, clock.calendar);
  const paused = clock.pauses.reduce((sum, { from, to }) => sum + (to ? businessTimeBetween(calendar, from, to) : 0), 0);
  return addBusinessTime(calendar, clock.startedAt, (clock.allowanceMinutes * MINUTE * percent) / 100 + paused);
}

const isPaused = (clock: Clock): boolean => clock.pauses.at(-1)?.to === null;

/** Counts at this moment; a clock that ran over goes on counting until it is stopped. */
export const isTicking = (clock: Clock): boolean =>
  clock.stoppedAt === null && !isPaused(clock) && (clock.state === 'RUNNING' || clock.state === 'BREACHED');

/** Next share to be noted and when; null while the clock does not tick or has nothing left to note. */
export function nextNote(clock: Clock, calendars: Calendars): { percent: number; at: Date } | null {
  if (!isTicking(clock)) return null;
  const percent = NOTED_PERCENTS.find((each) => each > clock.notedPercent);
  return percent === undefined ? null : { percent, at: timeOf(clock, percent, calendars) };
}

/** Notes what has passed by now. `percent` is the highest share newly passed, or null. */
export function noteClock(clock: Clock, calendars: Calendars, now: Date): { clock: Clock; percent: number | null } {
  if (!isTicking(clock)) return { clock, percent: null };
  const passed = NOTED_PERCENTS.filter((each) => each > clock.notedPercent && timeOf(clock, each, calendars) <= now);
  const percent = passed.at(-1);
  if (percent === undefined) return { clock, percent: null };
  const noted: Clock = { ...clock, notedPercent: percent };
  return { clock: percent >= 100 ? breach(noted, noted.dueAt) : noted, percent };
}

const breach = (clock: Clock, at: Date): Clock => ({ ...clock, state: 'BREACHED', breachedAt: clock.breachedAt ?? at });

export function pauseClock(clock: Clock, now: Date): Clock {
  if (!isTicking(clock)) return clock;
  return { ...clock, state: clock.state === 'RUNNING' ? 'PAUSED' : clock.state, pauses: [...clock.pauses, { from: now, to: null }] };
}

/** Goes on after a pause or a stop; what lay between does not count. */
export function resumeClock(clock: Clock, calendars: Calendars, now: Date): Clock {
  if (!isPaused(clock) || clock.state === 'CANCELLED') return clock;
  const pauses = clock.pauses.map((each) => (each.to === null ? { ...each, to: now } : each));
  const resumed: Clock = { ...clock, state: clock.breachedAt ? 'BREACHED' : 'RUNNING', stoppedAt: null, pauses };
  return { ...resumed, dueAt: timeOf(resumed, 100, calendars) };
}

/** Reached: in time it is MET, else the breach stays. From here on a pause runs, in case the clock has to go on. */
export function stopClock(clock: Clock, now: Date): Clock {
  if (clock.stoppedAt || clock.state === 'CANCELLED') return clock;
  const pauses = isPaused(clock) ? clock.pauses : [...clock.pauses, { from: now, to: null }];
  const stopped: Clock = { ...clock, stoppedAt: now, pauses };
  if (clock.breachedAt) return stopped;
  return !isPaused(clock) && now > clock.dueAt ? breach(stopped, clock.dueAt) : { ...stopped, state: 'MET' };
}

export function cancelClock(clock: Clock, now: Date): Clock {
  if (clock.stoppedAt) return clock;
  return { ...clock, state: clock.breachedAt ? 'BREACHED' : 'CANCELLED', stoppedAt: now };
}

/** Another target, measured from the original start. The old one is kept; a breach is never taken back. */
export function retargetClock(clock: Clock, target: Target, calendars: Calendars, now: Date): Clock {
  if (clock.stoppedAt || clock.state === 'CANCELLED') return clock;
  if (target.allowanceMinutes === clock.allowanceMinutes && target.calendar === clock.calendar) return clock;
  const previousTargets = [...clock.previousTargets, { allowanceMinutes: clock.allowanceMinutes, dueAt: clock.dueAt, replacedAt: now }];
  const notedPercent = clock.breachedAt ? Math.max(clock.notedPercent, 100) : 0;
  const changed: Clock = { ...clock, ...target, previousTargets, notedPercent };
  return { ...changed, dueAt: timeOf(changed, 100, calendars) };
}
