import type { Scope } from '@openprm/access';
import { notFound } from '@openprm/errors';
import { loadAudit, run, type AuditEntry, type Database } from '@openprm/postgres';
import { loadEnrolment } from './enrolments';

/** The audit of an enrolment the caller may read, oldest first. Throws NOT_FOUND when missing or outside the scope. */
export async function loadEnrolmentAudit(database: Database, scope: Scope, id: string) {
  await loadEnrolment(database, scope, id);
  return loadAudit(database, id);
}

/** The audit of all versions of a program, oldest first. Throws NOT_FOUND. */
export async function loadProgramAudit(database: Database, programId: string) {
  const rows = await run<{ version: number; at: Date; entry: AuditEntry }>(
    database,
    `select a.version, a.at, a.entry from programs p join audit_log a on a.aggregate_id = p.id where p.program_id = $1 order by a.at, p.number, a.version`,
    [programId],
  );
  if (rows.length === 0) throw notFound('program');
  return rows.map((row) => ({ ...row.entry, at: row.at, version: row.version }));
}
