import { Params, type Caller, type Scope } from '@openprm/access';
import { notFound } from '@openprm/errors';
import { run, runOne, type Database } from '@openprm/postgres';
import type { Money } from '@openprm/money';
import type { DealState } from '../domain/deal';
import { probabilities, type Stage } from '../domain/opportunity';
import { dealScope, organisations } from './visible';

export interface Asked {
  partnerId: string;
  includeDescendants: boolean;
}

export interface Activity {
  time: Date;
  recordId: string;
  number: string;
  title: string;
  move: string;
  toState: string;
  side: string;
}

export interface StateFigure<State> {
  state: State;
  count: number;
  amounts: Money[];
}

export interface DealFigures {
  states: StateFigure<DealState>[];
  decided: number;
  granted: number;
  medianDecisionSeconds: number;
  protectionsActive: number;
  protectionsEnding: number;
}

/** The organisations asked for, as far as the caller reads them. Throws NOT_FOUND when the partner is not among them. */
async function requirePartner(database: Database, scope: Scope, partnerId: string): Promise<void> {
  const params = new Params();
  const row = await runOne(
    database,
    `select 1 from (${organisations(scope, partnerId, false, params)}) o join access_partners p on p.id = o.org where p.kind = 'EXTERNAL'`,
    params.values,
  );
  if (!row) throw notFound('partner');
}

interface DealFigureRow {
  state: DealState;
  currency: string | null;
  count: number;
  minor: bigint | null;
}

interface DealTotalsRow {
  decided: number;
  granted: number;
  median: number | null;
  active: number;
  ending: number;
}

/** Counts, sums and medians; three statements whatever the number of deals. */
export async function summarizeDeals(database: Database, caller: Caller, asked: Asked, now: Date): Promise<DealFigures> {
  const scope = dealScope(caller);
  await requirePartner(database, scope, asked.partnerId);
  const params = new Params();
  const orgs = organisations(scope, asked.partnerId, asked.includeDescendants, params);
  const rows = await run<DealFigureRow>(
    database,
    `select state, currency, count(*)::int as count, sum(amount_minor)::bigint as minor from deals where partner_id in (${orgs}) group by state, currency order by state, currency`,
    params.values,
  );
  const totalsParams = new Params();
  const [at, totalOrgs] = [totalsParams.add(now), organisations(scope, asked.partnerId, asked.includeDescendants, totalsParams)];
  const totals = await runOne<DealTotalsRow>(
    database,
    `select count(*) filter (where decided_at is not null)::int as decided,
       count(*) filter (where decided_at is not null and state <> 'REJECTED')::int as granted,
       (percentile_cont(0.5) within group (order by extract(epoch from decided_at - submitted_at)) filter (where decided_at > submitted_at))::float8 as median,
       count(*) filter (where protection->>'state' = 'ACTIVE' and (protection->>'end')::timestamptz >= ${at})::int as active,
       count(*) filter (where protection->>'state' = 'ACTIVE' and (protection->>'end')::timestamptz between ${at} and ${at}::timestamptz + interval '14 days')::int as ending
     from deals where partner_id in (${totalOrgs})`,
    totalsParams.values,
  );
  return {
    states: figuresOf(rows, (row) => row.state),
    decided: totals!.decided,
    granted: totals!.granted,
    medianDecisionSeconds: Math.round(totals!.median ?? 0),
    protectionsActive: totals!.active,
    protectionsEnding: totals!.ending,
  };
}

/** One figure per state, with one sum per currency. */
function figuresOf<Row extends { currency: string | null; count: number; minor: bigint | null }, State>(
  rows: Row[],
  stateOf: (row: Row) => State,
): StateFigure<State>[] {
  return [...Map.groupBy(rows, stateOf)].map(([state, group]) => ({
    state,
    count: group.reduce((total, row) => total + row.count, 0),
    amounts: group.flatMap((row) => (row.currency === null || row.minor === null ? [] : [{ currency: row.currency, minor: row.minor }])),
  }));
}

export interface OpportunityFigures {
  stages: StateFigure<Stage>[];
  months: { month: string; count: number; amounts: Money[] }[];
  forecast: Money[];
}

export async function summarizeOpportunities(database: Database, caller: Caller, asked: Asked): Promise<OpportunityFigures> {
  const scope = dealScope(caller);
  await requirePartner(database, scope, asked.partnerId);
  const params = new Params();
  const orgs = organisations(scope, asked.partnerId, asked.includeDescendants, params);
  const weight = params.add(JSON.stringify(probabilities));
  const rows = await run<{ stage: Stage; currency: string | null; count: number; minor: bigint | null; weighted: bigint | null }>(
    database,
    `select stage, currency, count(*)::int as count, sum(amount_minor)::bigint as minor, sum(round(amount_minor * (${weight}::jsonb->>stage)::numeric / 100))::bigint as weighted
     from opportunities where partner_id in (${orgs}) group by stage, currency order by stage, currency`,
    params.values,
  );
  const monthParams = new Params();
  const months = await run<{ month: string; currency: string | null; count: number; minor: bigint | null }>(
    database,
    `select to_char(close_date, 'YYYY-MM') as month, currency, count(*)::int as count, sum(amount_minor)::bigint as minor
     from opportunities where stage = 'CLOSED_WON' and partner_id in (${organisations(scope, asked.partnerId, asked.includeDescendants, monthParams)}) group by 1, 2 order by 1, 2`,
    monthParams.values,
  );
  const open = rows.filter((row) => !row.stage.startsWith('CLOSED_'));
  return {
    stages: figuresOf(rows, (row) => row.stage),
    months: figuresOf(months, (row) => row.month).map(({ state, ...figure }) => ({ month: state, ...figure })),
    forecast: figuresOf(
      open.map((row) => ({ ...row, minor: row.weighted })),
      () => 'open',
    ).flatMap((figure) => sumPerCurrency(figure.amounts)),
  };
}

/** One sum per currency, sorted by code. */
export function sumPerCurrency(amounts: Money[]): Money[] {
  const sums = [...Map.groupBy(amounts, (each) => each.currency)].map(([currency, group]) => ({
    currency,
    minor: group.reduce((total, each) => total + each.minor, 0n),
  }));
  return sums.sort((left, right) => (left.currency < right.currency ? -1 : 1));
}

const RECENT = 10;

/** Ids of the records that changed last; an index gives the newest of each organisation. */
export async function recentIds(database: Database, caller: Caller, asked: Asked, table: 'deals' | 'opportunities'): Promise<string[]> {
  const params = new Params();
  const rows = await run<{ id: string }>(
    database,
    `select r.id from (${organisations(dealScope(caller), asked.partnerId, asked.includeDescendants, params)}) o
       cross join lateral (select r.id, r.updated_at from ${table} r where r.partner_id = o.org order by r.updated_at desc, r.id desc limit ${RECENT}) r
     order by r.updated_at desc, r.id desc limit ${RECENT}`,
    params.values,
  );
  return rows.map((row) => row.id);
}

/** The last things that happened to these records. What happened last happened to one of those that changed last. */
export async function recentActivity(database: Database, table: 'deals' | 'opportunities', ids: string[]): Promise<Activity[]> {
  const rows = await run<{ at: Date; id: string; number: string; title: string; move: string; to_state: string; side: string }>(
    database,
    `select a.at, r.id, r.number, r.title, a.entry->>'move' as move, a.entry->>'toState' as to_state, a.entry->'actor'->>'side' as side
     from ${table} r join audit_log a on a.aggregate_id = r.id where r.id = any($1::uuid[]) order by a.at desc, r.id, a.version desc limit ${RECENT}`,
    [ids],
  );
  return rows.map((row) => ({
    time: row.at,
    recordId: row.id,
    number: row.number,
    title: row.title,
    move: row.move,
    toState: row.to_state,
    side: row.side,
  }));
}
