import { Params, organisationsSql, type Scope } from '@openprm/access';
import { money } from '@openprm/money';
import { decodeCursor, pageSize, run, toPage, type Database, type Page } from '@openprm/postgres';
import type { ApprovalGroup } from '../domain/approval';
import type { Quote } from '../domain/quote';
import type { QuoteState } from '../domain/quote-moves';
import { toTotals, type Totals } from '../domain/totals';
import { CUSTOMER_NAME, NAMES, type Reach } from './quotes';
import { fromQuoteRow, type QuoteRow } from './read-quote';

export interface QuoteFilter {
  states: QuoteState[];
  partnerId: string;
  includeDescendants: boolean;
  dealId: string;
  opportunityId: string;
  customerId: string;
  awaiting: ApprovalGroup | null;
  number: string;
  pageSize: number;
  pageToken: string;
}

/** A quote without its lines, with the sums of its partners. */
export interface ListedQuote {
  quote: Quote;
  names: Record<string, string>;
  lineCount: number;
  awaiting: ApprovalGroup | null;
  partners: PartnerSum[];
}

export interface PartnerSum {
  partnerId: string;
  /** The caller may read what the partner may. */
  sees: boolean;
  hidden: boolean;
  totals: Totals | null;
}

interface ListedRow extends QuoteRow {
  names: Record<string, string> | null;
  sums: { partner: string; sees: boolean; hidden: boolean; list: string | null; net: string | null; cost: string | null }[] | null;
}

/** Quotes the caller may read, newest first; one statement. */
export async function listQuotes(database: Database, reach: Reach, filter: QuoteFilter): Promise<Page<ListedQuote>> {
  const params = new Params();
  const size = pageSize(filter.pageSize);
  const page = pageSql(reach, filter, size + 1, params);
  const sees = reach.read.all ? 'true' : `x.partner_id in (${organisationsSql(reach.read, params)})`;
  const rows = await run<ListedRow>(
    database,
    `select q.*, ${CUSTOMER_NAME}, ${NAMES},
       (select jsonb_agg(jsonb_build_object('partner', x.partner_id, 'sees', ${sees}, 'hidden', x.has_hidden, 'list', x.list_amount::text, 'net', x.net_amount::text, 'cost', x.cost_amount::text))
        from quote_parties x where x.quote_id = q.id and x.has_lines) as sums
     from (${page}) q order by q.created_at desc, q.id desc`,
    params.values,
  );
  const { items, nextPageToken } = toPage(
    rows.map((row) => ({ ...row, time: row.created_at })),
    size,
  );
  return { items: items.map(toListed), nextPageToken };
}

/**
 * The newest quotes that fit. Where organisations are asked for, or the caller is limited to some, the newest of each are taken by
 * index and merged, which never costs more for a larger table.
 */
function pageSql(reach: Reach, filter: QuoteFilter, limit: number, params: Params): string {
  const where = conditions(filter, params);
  const size = params.add(limit);
  const after = decodeCursor(filter.pageToken);
  const cursor = after && `${params.add(after.time)}::timestamptz, ${params.add(after.id)}::uuid`;
  const before = (columns: string): string[] => (cursor ? [`(${columns}) < (${cursor})`] : []);
  const orgs = organisations(reach.read, filter, params);
  const whole = (more: string[]): string =>
    `select q.* from quotes q where ${[...where, ...more, ...before('q.created_at, q.id')].join(' and ') || 'true'} order by q.created_at desc, q.id desc limit ${size}`;
  if (!orgs) return whole([]);
  const parts = `select distinct on (r.created_at, r.id) r.* from (${orgs}) o cross join lateral (
      select q.* from quote_parties x join quotes q on q.id = x.quote_id
      where ${['x.partner_id = o.org', ...where, ...before('x.created_at, x.quote_id')].join(' and ')} order by x.created_at desc, x.quote_id desc limit ${size}) r
    order by r.created_at desc, r.id desc limit ${size}`;
  if (!reach.board || filter.partnerId) return parts;
  return `select distinct on (r.created_at, r.id) r.* from ((${parts}) union all (${whole([`q.awaiting_group = 'PRICING_BOARD'`])})) r order by r.created_at desc, r.id desc limit ${size}`;
}

function conditions(filter: QuoteFilter, params: Params): string[] {
  const where: string[] = [];
  if (filter.states.length > 0) where.push(`q.state = any(${params.add(filter.states)}::text[])`);
  if (filter.dealId) where.push(`q.deal_id = ${params.add(filter.dealId)}`);
  if (filter.opportunityId) where.push(`q.opportunity_id = ${params.add(filter.opportunityId)}`);
  if (filter.customerId) where.push(`q.customer_id = ${params.add(filter.customerId)}`);
  if (filter.awaiting) where.push(`q.awaiting_group = ${params.add(filter.awaiting)}`);
  if (filter.number) where.push(`q.number = ${params.add(filter.number)}`);
  return where;
}

/** SQL for the organisations whose quotes are wanted (column `org`); null when all quotes are. */
function organisations(scope: Scope, filter: Pick<QuoteFilter, 'partnerId' | 'includeDescendants'>, params: Params): string | null {
  const own = scope.all ? null : organisationsSql(scope, params);
  if (!filter.partnerId) return own;
  return `${named(filter, params)} ${own ? `intersect (${own})` : ''}`;
}

const named = ({ partnerId, includeDescendants }: Pick<QuoteFilter, 'partnerId' | 'includeDescendants'>, params: Params): string =>
  includeDescendants
    ? `select a.descendant_id as org from access_ancestry a where a.ancestor_id = ${params.add(partnerId)}`
    : `select ${params.add(partnerId)}::uuid as org`;

/** SQL for the organisations of a summary: the partner, what lies below it, cut to what the caller may read. */
export const summarised = (scope: Scope, partnerId: string, includeDescendants: boolean, params: Params): string =>
  organisations(scope, { partnerId, includeDescendants }, params)!;

const toListed = (row: ListedRow): ListedQuote => ({
  quote: fromQuoteRow(row),
  names: row.names ?? {},
  lineCount: row.line_count,
  awaiting: row.awaiting_group,
  partners: (row.sums ?? []).map((sum) => ({
    partnerId: sum.partner,
    sees: sum.sees,
    hidden: sum.hidden,
    totals:
      sum.list === null || sum.net === null
        ? null
        : toTotals(amount(sum.list, row), amount(sum.net, row), sum.cost === null ? null : amount(sum.cost, row)),
  })),
});

const amount = (minor: string, row: QuoteRow) => money(BigInt(minor), row.currency);
