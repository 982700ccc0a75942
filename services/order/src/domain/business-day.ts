/** The same time of day on the next day from Monday to Friday (UTC): how long the order desk has. */
export function nextBusinessDay(from: Date): Date {
  const next = new Date(from);
  do next.setUTCDate(next.getUTCDate() + 1);
  while (next.getUTCDay() === 0 || next.getUTCDay() === 6);
  return next;
}
