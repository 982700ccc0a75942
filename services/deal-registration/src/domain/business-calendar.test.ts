import fc from 'fast-check';
import { addBusinessDays, addBusinessMinutes, businessMinutesBetween, endOfDayUtc } from './business-calendar';

const berlin = { timeZone: 'Europe/Berlin', startHour: 9, endHour: 17 };
const at = (text: string): Date => new Date(text);

test.each([
  ['a working day later at the same hour', '2026-03-02T10:00:00Z', 1, '2026-03-03T10:00:00.000Z'],
  ['over the weekend', '2026-03-06T10:00:00Z', 1, '2026-03-09T10:00:00.000Z'],
  ['what starts at night counts from the morning', '2026-03-02T22:00:00Z', 1, '2026-03-03T16:00:00.000Z'],
  ['what starts on Saturday counts from Monday', '2026-03-07T12:00:00Z', 2, '2026-03-10T16:00:00.000Z'],
  ['over the start of summer time', '2026-03-27T10:00:00Z', 1, '2026-03-30T09:00:00.000Z'],
])('%s', (_name, from, days, expected) => {
  expect(addBusinessDays(berlin, at(from), days).toISOString()).toBe(expected);
});

test('minutes between two moments leave nights and weekends out', () => {
  expect(businessMinutesBetween(berlin, at('2026-03-06T15:00:00Z'), at('2026-03-09T09:00:00Z'))).toBe(60 + 60);
  expect(businessMinutesBetween(berlin, at('2026-03-09T09:00:00Z'), at('2026-03-06T15:00:00Z'))).toBe(-120);
  expect(businessMinutesBetween(berlin, at('2026-03-07T09:00:00Z'), at('2026-03-08T09:00:00Z'))).toBe(0);
});

test('adding minutes and counting them are inverse', () => {
  const moment = fc.date({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z'), noInvalidDate: true });
  fc.assert(
    fc.property(moment, fc.integer({ min: 0, max: 20_000 }), (from, minutes) => {
      expect(businessMinutesBetween(berlin, from, addBusinessMinutes(berlin, from, minutes))).toBe(minutes);
    }),
  );
});

test('a protection ends with the day, whatever the hour it started', () => {
  expect(endOfDayUtc(at('2026-03-02T23:30:00Z'), 60).toISOString()).toBe('2026-05-01T23:59:59.000Z');
});
