import {
  cancelClock,
  nextNote,
  noteClock,
  pauseClock,
  resumeClock,
  retargetClock,
  startClock,
  stopClock,
  type Calendars,
  type Clock,
} from './clock';

const calendars: Calendars = new Map(
  [
    { code: 'TEAM', timeZone: 'UTC', workingDays: [1, 2, 3, 4, 5], opens: '09:00', closes: '17:00', holidays: [] },
    { code: 'ALWAYS', timeZone: 'UTC', workingDays: [], opens: '00:00', closes: '24:00', holidays: [] },
  ].map((each) => [each.code, each]),
);
/** 2026-03-02 is a Monday. */
const at = (text: string): Date => new Date(`2026-03-${text}:00Z`);
const given = (minutes = 480): Clock =>
  startClock('RESOLUTION', { allowanceMinutes: minutes, calendar: 'TEAM' }, calendars, at('02T10:00'));

test('a clock is due when its allowance of working time is used up', () => {
  expect(given().dueAt).toEqual(at('03T10:00'));
});

test('a pause moves the due time by its working time, not by the night in it', () => {
  const paused = pauseClock(given(), at('02T16:00'));
  expect(paused.state).toBe('PAUSED');
  const resumed = resumeClock(paused, calendars, at('03T11:00'));
  expect([resumed.state, resumed.dueAt]).toEqual(['RUNNING', at('03T13:00')]);
});

test('a paused clock notes nothing, however late it is', () => {
  const paused = pauseClock(given(), at('02T16:00'));
  expect([nextNote(paused, calendars), noteClock(paused, calendars, at('20T10:00')).percent]).toEqual([null, null]);
});

test('it notes 75, 100 and 150 percent, each once and the highest when several have passed', () => {
  expect(nextNote(given(), calendars)).toEqual({ percent: 75, at: at('02T16:00') });
  const warned = noteClock(given(), calendars, at('02T16:00'));
  expect([warned.percent, warned.clock.state]).toEqual([75, 'RUNNING']);
  expect(noteClock(warned.clock, calendars, at('02T16:30')).percent).toBeNull();
  const late = noteClock(warned.clock, calendars, at('03T14:00'));
  expect([late.percent, late.clock.state, late.clock.breachedAt]).toEqual([150, 'BREACHED', at('03T10:00')]);
  expect(nextNote(late.clock, calendars)).toBeNull();
});

test('stopped in time it is met, stopped late it has run over', () => {
  expect(stopClock(given(), at('03T10:00')).state).toBe('MET');
  const late = stopClock(given(), at('03T10:01'));
  expect([late.state, late.breachedAt]).toEqual(['BREACHED', at('03T10:00')]);
});

test('after a stop it goes on from the used time', () => {
  const resumed = resumeClock(stopClock(given(), at('02T12:00')), calendars, at('04T12:00'));
  expect([resumed.state, resumed.stoppedAt, resumed.dueAt]).toEqual(['RUNNING', null, at('05T10:00')]);
});

test('a breach stays through pause, stop and resumption', () => {
  const breached = noteClock(given(), calendars, at('03T11:00')).clock;
  const paused = pauseClock(breached, at('03T12:00'));
  const again = resumeClock(stopClock(resumeClock(paused, calendars, at('03T13:00')), at('03T14:00')), calendars, at('04T09:00'));
  expect([paused.state, again.state, again.breachedAt]).toEqual(['BREACHED', 'BREACHED', at('03T10:00')]);
});

test('a new target is measured from the original start and the old one is kept', () => {
  const changed = retargetClock(given(), { allowanceMinutes: 960, calendar: 'TEAM' }, calendars, at('02T15:00'));
  expect([changed.dueAt, changed.startedAt]).toEqual([at('04T10:00'), at('02T10:00')]);
  expect(changed.previousTargets).toEqual([{ allowanceMinutes: 480, dueAt: at('03T10:00'), replacedAt: at('02T15:00') }]);
});

test('a tighter target that has passed already is a breach', () => {
  const tighter = retargetClock(given(), { allowanceMinutes: 60, calendar: 'ALWAYS' }, calendars, at('02T15:00'));
  expect(noteClock(tighter, calendars, at('02T15:00')).clock.state).toBe('BREACHED');
});

test('a looser target does not take a breach back', () => {
  const breached = noteClock(given(), calendars, at('03T11:00')).clock;
  const looser = retargetClock(breached, { allowanceMinutes: 4_800, calendar: 'TEAM' }, calendars, at('03T12:00'));
  expect([looser.state, looser.breachedAt]).toEqual(['BREACHED', at('03T10:00')]);
});

test('pauses count in the hours of the new calendar', () => {
  const resumed = resumeClock(pauseClock(given(), at('02T16:00')), calendars, at('03T10:00'));
  const around = retargetClock(resumed, { allowanceMinutes: 1_440, calendar: 'ALWAYS' }, calendars, at('03T10:30'));
  expect(around.dueAt).toEqual(at('04T04:00'));
});

test('a cancelled clock never counts again', () => {
  const cancelled = cancelClock(given(), at('02T12:00'));
  expect([cancelled.state, resumeClock(cancelled, calendars, at('02T13:00')).state, nextNote(cancelled, calendars)]).toEqual([
    'CANCELLED',
    'CANCELLED',
    null,
  ]);
});
