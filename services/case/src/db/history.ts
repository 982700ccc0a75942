import { loadAudit, type Database } from '@openprm/postgres';
import type { Reader } from '../domain/reader';
import { loadCase } from './cases';

/** What is noted inside the enterprise leaves no trace in a partner's timeline. */
const INSIDE = ['noteClock', 'excuseBreach'];

/** The audit of a case the reader may see, oldest first. Throws NOT_FOUND when missing or outside. */
export async function loadCaseHistory(database: Database, reader: Reader, id: string) {
  await loadCase(database, reader, id);
  const entries = await loadAudit(database, id);
  if (reader.side === 'PARENT') return entries;
  return entries.filter((entry) => !INSIDE.includes(entry.move) && !(entry.move === 'comment' && !entry.comment));
}
