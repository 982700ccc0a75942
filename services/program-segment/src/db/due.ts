import { run, type Database } from '@openprm/postgres';

const BATCH = 25;

/** Partners with an enrolment whose time has come: notice run, terms not accepted, invitation over. At most 25. */
export async function partnersDue(database: Database, now: Date): Promise<string[]> {
  const rows = await run<{ partner_id: string }>(
    database,
    `select distinct partner_id from (
       (select partner_id from enrolments where exit_at <= $1 and state in ('ACTIVE', 'SUSPENDED') order by exit_at limit ${BATCH})
       union all
       (select partner_id from enrolments where terms_due_at <= $1 and state = 'ACTIVE' order by terms_due_at limit ${BATCH})
       union all
       (select partner_id from enrolments where invitation_expires_at <= $1 and state = 'INVITED' order by invitation_expires_at limit ${BATCH})) due
     limit ${BATCH}`,
    [now],
  );
  return rows.map((row) => row.partner_id);
}

/** Partners with an open enrolment below a published version that its program's members follow. At most 25. */
export async function partnersToMigrate(database: Database): Promise<string[]> {
  const rows = await run<{ partner_id: string }>(
    database,
    `select distinct partner_id from (
       select e.partner_id from programs p join enrolments e on e.program_id = p.program_id and e.program_number < p.number
       where p.state = 'PUBLISHED' and p.migrates_enrolments and e.state in ('INVITED', 'APPLIED', 'ACTIVE', 'SUSPENDED') limit ${BATCH}) behind`,
  );
  return rows.map((row) => row.partner_id);
}
