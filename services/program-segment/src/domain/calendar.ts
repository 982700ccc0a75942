/** Calendar arithmetic in UTC. */
export const daysAfter = (time: Date, days: number): Date => new Date(time.getTime() + days * 86_400_000);

/** The same day `months` later; the last day of a shorter month. */
export function monthsAfter(time: Date, months: number): Date {
  const moved = new Date(time);
  moved.setUTCDate(1);
  moved.setUTCMonth(moved.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
  moved.setUTCDate(Math.min(time.getUTCDate(), lastDay));
  return moved;
}
