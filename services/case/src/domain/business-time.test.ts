import fc from 'fast-check';
import { addBusinessDays, addBusinessTime, businessTimeBetween, HOUR, type Calendar } from './business-time';

const berlin: Calendar = {
  code: 'BERLIN',
  timeZone: 'Europe/Berlin',
  workingDays: [1, 2, 3, 4, 5],
  opens: '09:00',
  closes: '17:00',
  holidays: ['2026-05-01'],
};
const always: Calendar = { ...berlin, code: 'ALWAYS', workingDays: [] };
const utc = (text: string): Date => new Date(`${text}:00Z`);

test.each([
  ['within a day', '2026-03-02T09:00', 2, '2026-03-02T11:00'],
  ['to the end of a day', '2026-03-02T08:00', 8, '2026-03-02T16:00'],
  ['over a night', '2026-03-02T15:00', 2, '2026-03-03T09:00'],
  ['over a weekend', '2026-03-06T15:30', 1, '2026-03-09T08:30'],
  ['from a Saturday', '2026-03-07T10:00', 1, '2026-03-09T09:00'],
  ['over a holiday', '2026-04-30T14:30', 1, '2026-05-04T07:30'],
  ['over the change to summer time', '2026-03-27T15:00', 2, '2026-03-30T08:00'],
  ['over the change to winter time', '2026-10-23T14:00', 2, '2026-10-26T09:00'],
])('working hours are counted %s', (_case, from, hours, expected) => {
  expect(addBusinessTime(berlin, utc(from), hours * HOUR)).toEqual(utc(expected));
});

test('a team in another time zone has its own hours', () => {
  const newYork: Calendar = { ...berlin, timeZone: 'America/New_York' };
  expect(addBusinessTime(newYork, utc('2026-03-02T09:00'), HOUR)).toEqual(utc('2026-03-02T15:00'));
});

test('around the clock every hour counts', () => {
  expect(addBusinessTime(always, utc('2026-03-07T23:30'), HOUR)).toEqual(utc('2026-03-08T00:30'));
});

test('five business days after a Monday at ten is the next Monday at ten', () => {
  expect(addBusinessDays(berlin, utc('2026-03-02T09:00'), 5)).toEqual(utc('2026-03-09T09:00'));
});

test('what was added is what lies between', () => {
  const day = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) }).map((value) => new Date(value));
  fc.assert(
    fc.property(day, fc.integer({ min: 1, max: 60 * HOUR }), (from, time) => {
      expect(businessTimeBetween(berlin, from, addBusinessTime(berlin, from, time))).toBe(time);
    }),
  );
});

test('a calendar without working hours is refused instead of being searched for ever', () => {
  expect(() => addBusinessTime({ ...berlin, closes: '09:00' }, utc('2026-03-02T09:00'), HOUR)).toThrow('has no working hours');
});
