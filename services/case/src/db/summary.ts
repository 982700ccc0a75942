import { notFound } from '@openprm/errors';
import { Params } from '@openprm/access';
import { run, runOne, type AuditEntry, type Database } from '@openprm/postgres';
import type { CaseState } from '../domain/case';
import type { ClockKind } from '../domain/clock';
import type { Reader } from '../domain/reader';
import { NAMES, ofPartner, toView, type CaseView, type ViewRow } from './cases';
import { partnerKnownSql, visibleSql } from './visible';

export interface ClockSummary {
  kind: ClockKind;
  running: number;
  paused: number;
  met: number;
  breached: number;
  nextDueAt: string | null;
}

export interface Activity {
  caseId: string;
  number: string;
  subject: string;
  partnerId: string;
  at: Date;
  entry: AuditEntry;
}

export interface CaseSummary {
  states: { state: CaseState; count: number }[];
  clocks: ClockSummary[];
  caseCount: number;
  openCount: number;
  breachedOpenCount: number;
  partnerQueueOpenCount: number;
  recent: CaseView[];
  activity: Activity[];
}

interface Asked {
  partnerId: string;
  includeDescendants: boolean;
}

type Counts = Pick<CaseSummary, 'caseCount' | 'openCount' | 'breachedOpenCount' | 'partnerQueueOpenCount'> & {
  states: CaseSummary['states'] | null;
  clocks: ClockSummary[] | null;
};

/** Key figures of a partner's cases: three statements, the last two for content the reader may see. */
export async function summarizeCases(database: Database, reader: Reader, asked: Asked): Promise<CaseSummary> {
  const counts = await countCases(database, reader, asked);
  const [recent, activity] = await Promise.all([listRecent(database, reader, asked), listActivity(database, reader, asked)]);
  return { ...counts, states: counts.states ?? [], clocks: counts.clocks ?? [], recent, activity };
}

/** The enterprise counts cases on the partner's own queue too; a partner does not count what is kept from it. */
async function countCases(database: Database, reader: Reader, asked: Asked): Promise<Counts> {
  const params = new Params();
  const known = partnerKnownSql(reader, 'p.id', params);
  const counted =
    reader.side === 'PARTNER' ? `c.partner_sees and ${visibleSql(reader, params)}` : partnerKnownSql(reader, 'c.partner_id', params);
  const row = await runOne<Counts>(
    database,
    `with counted as materialized (select c.id, c.state, c.queue_owner, c.clocks, c.state in ('NEW', 'OPEN', 'AWAITING_INFO', 'REOPENED') as open
        from cases c where ${ofPartner('c.partner_id', asked, params)} and ${counted}),
      ticking as (select n.id, n.open, k ->> 'kind' as kind, k ->> 'state' as state, k ->> 'dueAt' as due, k ->> 'breachedAt' is not null as breached
        from counted n cross join jsonb_array_elements(n.clocks) k)
     select (select json_agg(json_build_object('state', s.state, 'count', s.count) order by s.state) from (select state, count(*) from counted group by state) s) as states,
       (select json_agg(json_build_object('kind', t.kind, 'running', t.running, 'paused', t.paused, 'met', t.met, 'breached', t.breached, 'nextDueAt', t.next_due) order by t.kind)
        from (select kind, count(*) filter (where state = 'RUNNING') as running, count(*) filter (where state = 'PAUSED') as paused,
          count(*) filter (where state = 'MET') as met, count(*) filter (where breached) as breached, min(due) filter (where state = 'RUNNING') as next_due
          from ticking group by kind) t) as clocks,
       (select count(*)::int from counted) as "caseCount",
       (select count(*)::int from counted where open) as "openCount",
       (select count(distinct id)::int from ticking where open and breached) as "breachedOpenCount",
       (select count(*)::int from counted where open and queue_owner = 'PARTNER') as "partnerQueueOpenCount"
     from access_partners p where p.id = ${params.add(asked.partnerId)}::uuid and ${known}`,
    params.values,
  );
  if (!row) throw notFound('partner');
  return row;
}

async function listRecent(database: Database, reader: Reader, asked: Asked): Promise<CaseView[]> {
  const params = new Params();
  const visible = visibleSql(reader, params);
  const newest = `select c.* from cases c where ${ofPartner('c.partner_id', asked, params)} and ${visible} order by c.created_at desc, c.id desc limit 10`;
  const rows = await run<ViewRow>(
    database,
    `select page.*, ${NAMES} from (${newest}) page order by page.created_at desc, page.id desc`,
    params.values,
  );
  return rows.map(toView);
}

/** The newest happenings lie in the cases touched last, so ten of those are enough. */
async function listActivity(database: Database, reader: Reader, asked: Asked): Promise<Activity[]> {
  const params = new Params();
  const visible = visibleSql(reader, params);
  const touched = `select c.id, c.number, c.subject, c.partner_id from cases c where ${ofPartner('c.partner_id', asked, params)} and ${visible} order by c.updated_at desc limit 10`;
  // Partners read shared words only; what is noted inside the enterprise leaves no trace for them.
  const shown =
    reader.side === 'PARTNER'
      ? `and l.entry ->> 'move' not in ('noteClock', 'excuseBreach') and coalesce(l.entry ->> 'internalNote', '') = ''`
      : '';
  return run<Activity>(
    database,
    `select t.id as "caseId", t.number, t.subject, t.partner_id as "partnerId", a.at, a.entry from (${touched}) t
     cross join lateral (select l.at, l.entry from audit_log l where l.aggregate_id = t.id ${shown} order by l.version desc limit 10) a
     order by a.at desc limit 10`,
    params.values,
  );
}
