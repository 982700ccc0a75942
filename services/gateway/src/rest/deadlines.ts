import type { Route } from '../contracts/http-rules';

/** Milliseconds. */
export interface Deadlines {
  read: number;
  write: number;
  import: number;
  view360: number;
}

/** Reads are short because people wait for them; imports carry hundreds of records; the 360 waits for its slowest section. */
export function deadlineOf(route: Route, deadlines: Deadlines): number {
  if (route.template.endsWith(':import')) return deadlines.import;
  if (route.template.endsWith(':view360')) return deadlines.view360;
  return route.verb === 'get' ? deadlines.read : deadlines.write;
}
