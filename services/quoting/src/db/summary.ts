import { notFound } from '@openprm/errors';
import { Params, scopeSql } from '@openprm/access';
import { divideHalfUp, money, type Money } from '@openprm/money';
import { runOne, type Database } from '@openprm/postgres';
import type { QuoteState } from '../domain/quote-moves';
import { summarised } from './list-quotes';
import type { Reach } from './quotes';

export interface CurrencySum {
  currency: string;
  open: Money;
  won: Money;
  wonList: Money;
  averageDiscountBps: number;
  wonCount: bigint;
}

export interface Activity {
  time: Date;
  quoteId: string;
  number: string;
  move: string;
  fromState: string;
  toState: string;
}

export interface Summary {
  counts: { state: QuoteState; count: bigint }[];
  sums: CurrencySum[];
  activity: Activity[];
}

interface SummaryRow {
  counts: { state: QuoteState; count: string }[] | null;
  sums: { currency: string; open: string; won: string; won_list: string; won_count: string }[] | null;
  activity: { time: string; quoteId: string; number: string; move: string; fromState: string; toState: string }[] | null;
}

const WON = `x.state in ('ACCEPTED', 'ORDERED')`;
const OPEN = `x.state in ('PRICED', 'APPROVAL_NEEDED', 'APPROVED', 'PRESENTED')`;

/** Figures over the parts that the partners have in quotes: their own lines only, never anybody else's; one statement. */
export async function summarizeQuotes(database: Database, reach: Reach, partnerId: string, includeDescendants: boolean): Promise<Summary> {
  const params = new Params();
  const partner = params.add(partnerId);
  const row = await runOne<SummaryRow>(
    database,
    `with orgs as materialized (${summarised(reach.read, partnerId, includeDescendants, params)}),
       parts as materialized (select x.* from quote_parties x where x.partner_id in (select org from orgs) and (x.is_owner or x.has_lines)),
       latest as (select distinct on (x.created_at, x.quote_id) x.quote_id from parts x order by x.created_at desc, x.quote_id desc limit 50)
     select
       (select jsonb_agg(c) from (select x.state, count(distinct x.quote_id)::text as count from parts x group by x.state order by x.state) c) as counts,
       (select jsonb_agg(s) from (
          select x.currency, coalesce(sum(x.net_amount) filter (where ${OPEN}), 0)::text as open, coalesce(sum(x.net_amount) filter (where ${WON}), 0)::text as won,
            coalesce(sum(x.list_amount) filter (where ${WON}), 0)::text as won_list, (count(distinct x.quote_id) filter (where ${WON}))::text as won_count
          from parts x where x.net_amount is not null group by x.currency order by x.currency) s) as sums,
       (select jsonb_agg(a) from (
          select l.at as time, q.id as "quoteId", q.number, l.entry ->> 'move' as move, l.entry ->> 'fromState' as "fromState", l.entry ->> 'toState' as "toState"
          from latest t join quotes q on q.id = t.quote_id join audit_log l on l.aggregate_id = q.id order by l.at desc, l.version desc limit 10) a) as activity
     from access_partners p where p.id = ${partner} and ${scopeSql(reach.read, 'p.id', params)}`,
    params.values,
  );
  if (!row) throw notFound('partner');
  return {
    counts: (row.counts ?? []).map((each) => ({ state: each.state, count: BigInt(each.count) })),
    sums: (row.sums ?? []).map(toSum),
    activity: (row.activity ?? []).map((each) => ({ ...each, time: new Date(each.time) })),
  };
}

function toSum(row: NonNullable<SummaryRow['sums']>[number]): CurrencySum {
  const amount = (minor: string): Money => money(BigInt(minor), row.currency);
  const [won, list] = [BigInt(row.won), BigInt(row.won_list)];
  return {
    currency: row.currency,
    open: amount(row.open),
    won: amount(row.won),
    wonList: amount(row.won_list),
    averageDiscountBps: list === 0n ? 0 : Number(divideHalfUp((list - won) * 10_000n, list)),
    wonCount: BigInt(row.won_count),
  };
}
