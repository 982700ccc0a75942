/** Working hours of the team that owns a clock: Monday to Friday, in its time zone. */
export interface BusinessCalendar {
  timeZone: string;
  startHour: number;
  endHour: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export const minutesPerDay = (calendar: BusinessCalendar): number => (calendar.endHour - calendar.startHour) * 60;

/** The moment at which `days` working days of business time have passed since `from`. */
export const addBusinessDays = (calendar: BusinessCalendar, from: Date, days: number): Date =>
  addBusinessMinutes(calendar, from, days * minutesPerDay(calendar));

export function addBusinessMinutes(calendar: BusinessCalendar, from: Date, minutes: number): Date {
  let left = Math.max(0, minutes) * MINUTE;
  for (let day = localDay(calendar, from); ; day = nextDay(day)) {
    const { opens, closes } = hoursOf(calendar, day);
    const start = Math.max(opens, from.getTime());
    if (closes <= start) continue;
    if (left <= closes - start) return new Date(start + left);
    left -= closes - start;
  }
}

/** Business minutes from one moment to another; negative when `to` is the earlier. */
export function businessMinutesBetween(calendar: BusinessCalendar, from: Date, to: Date): number {
  if (to < from) return -businessMinutesBetween(calendar, to, from);
  let total = 0;
  for (let day = localDay(calendar, from); ; day = nextDay(day)) {
    const { opens, closes } = hoursOf(calendar, day);
    if (opens > to.getTime()) return Math.floor(total / MINUTE);
    total += Math.max(0, Math.min(closes, to.getTime()) - Math.max(opens, from.getTime()));
    if (opens === closes && day.getTime() > to.getTime() + DAY) return Math.floor(total / MINUTE);
  }
}

/** 23:59:59 UTC of the day `days` calendar days after `from`; protection and expiry count this way. */
export function endOfDayUtc(from: Date, days: number): Date {
  const end = new Date(from);
  end.setUTCDate(end.getUTCDate() + days);
  end.setUTCHours(23, 59, 59, 0);
  return end;
}

/** Opening and closing moments of a local day; equal on a weekend. */
function hoursOf(calendar: BusinessCalendar, day: Date): { opens: number; closes: number } {
  const opens = toInstant(calendar, day, calendar.startHour);
  const weekend = day.getUTCDay() === 0 || day.getUTCDay() === 6;
  return { opens, closes: weekend ? opens : toInstant(calendar, day, calendar.endHour) };
}

const nextDay = (day: Date): Date => new Date(day.getTime() + DAY);

/** The local calendar day of a moment, written as midnight UTC of the same date. */
function localDay(calendar: BusinessCalendar, at: Date): Date {
  const local = new Date(at.getTime() + offsetAt(calendar.timeZone, at.getTime()));
  return new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()));
}

// Twice, because the offset that counts is the one at the answer, which differs on the days clocks change.
function toInstant({ timeZone }: BusinessCalendar, day: Date, hour: number): number {
  const wall = day.getTime() + hour * 60 * MINUTE;
  const guess = wall - offsetAt(timeZone, wall);
  return wall - offsetAt(timeZone, guess);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function offsetAt(timeZone: string, at: number): number {
  if (timeZone === 'UTC') return 0;
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const wall = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!);
  return wall - Math.floor(at / 1000) * 1000;
}
