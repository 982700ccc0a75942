import { DateTime } from 'luxon';

/** Hours in which a team works. Without working days it works around the clock. */
export interface Calendar {
  code: string;
  /** IANA name, e.g. `Europe/Berlin`. */
  timeZone: string;
  /** 1 is Monday, 7 Sunday. */
  workingDays: readonly number[];
  /** `HH:MM`, local time. */
  opens: string;
  closes: string;
  /** `YYYY-MM-DD`, local days without work. */
  holidays: readonly string[];
}

export const HOUR = 3_600_000;

/** A calendar without a working hour for so long is a mistake; looking on would never end. */
const LOOK_AHEAD_DAYS = 4_000;

const isAlwaysOpen = (calendar: Calendar): boolean => calendar.workingDays.length === 0;

interface Window {
  from: number;
  to: number;
}

/** Working hours of one local day. Times are set on the day itself, so that a change to summer time moves them rightly. */
function windowOf(calendar: Calendar, day: DateTime): Window | null {
  if (!calendar.workingDays.includes(day.weekday) || calendar.holidays.includes(day.toISODate() ?? '')) return null;
  return { from: at(day, calendar.opens), to: at(day, calendar.closes) };
}

function at(day: DateTime, time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return (hour === 24 ? day.plus({ days: 1 }) : day.set({ hour, minute })).toMillis();
}

const dayOf = (calendar: Calendar, instant: number): DateTime => DateTime.fromMillis(instant, { zone: calendar.timeZone }).startOf('day');

/** The instant at which `milliseconds` of working time have passed since `from`. */
export function addBusinessTime(calendar: Calendar, from: Date, milliseconds: number): Date {
  if (isAlwaysOpen(calendar) || milliseconds <= 0) return new Date(from.getTime() + Math.max(milliseconds, 0));
  let left = milliseconds;
  let day = dayOf(calendar, from.getTime());
  for (let count = 0; count < LOOK_AHEAD_DAYS; count++, day = day.plus({ days: 1 })) {
    const window = windowOf(calendar, day);
    const start = Math.max(window?.from ?? 0, from.getTime());
    if (!window || start >= window.to) continue;
    if (left <= window.to - start) return new Date(start + left);
    left -= window.to - start;
  }
  throw new Error(`calendar ${calendar.code} has no working hours`);
}

/** Working time between two instants, in milliseconds; 0 when `to` lies before `from`. */
export function businessTimeBetween(calendar: Calendar, from: Date, to: Date): number {
  if (isAlwaysOpen(calendar)) return Math.max(to.getTime() - from.getTime(), 0);
  let sum = 0;
  for (let day = dayOf(calendar, from.getTime()); day.toMillis() < to.getTime(); day = day.plus({ days: 1 })) {
    const window = windowOf(calendar, day);
    if (window) sum += Math.max(Math.min(window.to, to.getTime()) - Math.max(window.from, from.getTime()), 0);
  }
  return sum;
}

/** A business day is as long as the calendar's day, so that 5 days after Monday 10:00 is the next Monday 10:00. */
export const addBusinessDays = (calendar: Calendar, from: Date, days: number): Date =>
  addBusinessTime(calendar, from, days * dayLength(calendar));

function dayLength(calendar: Calendar): number {
  if (isAlwaysOpen(calendar)) return 24 * HOUR;
  const minutes = (time: string): number => time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return (minutes(calendar.closes) - minutes(calendar.opens)) * 60_000;
}
