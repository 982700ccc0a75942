import { notFound } from '@openprm/errors';
import { Params, organisationsSql, type Scope } from '@openprm/access';
import { runOne, type Database, type Tx } from '@openprm/postgres';
import type { Quote } from '../domain/quote';
import { fromQuoteParts, QUOTE_PARTS, type QuotePartsRow } from './read-quote';

/** Where a caller may do what. */
export interface Reach {
  read: Scope;
  write: Scope;
  /** Partners of which the caller is the relationship manager. */
  manage: Scope;
  /** Sees what waits for the pricing board, and nothing else. */
  board: boolean;
  /** Writes for the enterprise: admin, deal desk or relationship manager. */
  enterprise: boolean;
}

/** A quote with what its rules and its readers need besides. */
export interface LoadedQuote {
  quote: Quote;
  /** Organisations among the quote's partners which the caller may read, act for, and manage. */
  sees: Set<string>;
  acts: Set<string>;
  manages: Set<string>;
  /** Partners of the deal or opportunity with access to the record. */
  related: string[];
  names: Record<string, string>;
  /** Partners of the quote that are suspended or ended: their people read only. */
  inactive: Set<string>;
}

interface LoadedRow extends QuotePartsRow {
  sees: string[];
  acts: string[];
  manages: string[];
  related: string[];
  names: Record<string, string> | null;
  inactive: string[];
}

const PARTNERS = 'q.line_partner_ids || q.partner_id';

/** Partners of the deal or opportunity with access; a deal's count until there is an opportunity. */
export const RELATED = `coalesce((select o.related from ref_opportunities o where o.id = q.opportunity_id), (select d.related from ref_deals d where d.id = q.deal_id), '{}')`;

export const NAMES = `(select jsonb_object_agg(p.id, p.name) from access_partners p where p.id = any(${PARTNERS})) as names`;
const INACTIVE = `array(select p.id from access_partners p where p.id = any(${PARTNERS}) and p.state <> 'ACTIVE') as inactive`;
export const CUSTOMER_NAME = `coalesce((select c.name from ref_customers c where c.id = q.customer_id), q.customer_name) as customer_name`;

/** Organisations of a quote that lie in a scope, as an array. */
const within = (scope: Scope, params: Params): string =>
  scope.all
    ? `array(select distinct p from unnest(${PARTNERS}) p)`
    : `array(select distinct p from unnest(${PARTNERS}) p where p in (${organisationsSql(scope, params)}))`;

/** One quote the caller may read, with its lines; one statement. Throws NOT_FOUND when missing or outside. */
export async function loadQuote(on: Database | Tx, reach: Reach, id: string): Promise<LoadedQuote> {
  const params = new Params();
  const row = await runOne<LoadedRow>(
    on,
    `select q.*, ${CUSTOMER_NAME}, ${QUOTE_PARTS}, ${NAMES}, ${RELATED} as related, ${INACTIVE},
       ${within(reach.read, params)} as sees, ${within(reach.write, params)} as acts, ${within(reach.manage, params)} as manages
     from quotes q where q.id = ${params.add(id)} and ${readable(reach, params)}`,
    params.values,
  );
  if (!row) throw notFound('quote');
  return toLoaded(row);
}

/** Condition that the caller may read quote `q`. */
export function readable({ read, board }: Reach, params: Params): string {
  if (read.all) return 'true';
  const party = `exists (select 1 from quote_parties x where x.quote_id = q.id and x.partner_id in (${organisationsSql(read, params)}))`;
  return board ? `(${party} or q.awaiting_group = 'PRICING_BOARD')` : party;
}

const toLoaded = (row: LoadedRow): LoadedQuote => ({
  quote: fromQuoteParts(row),
  sees: new Set(row.sees),
  acts: new Set(row.acts),
  manages: new Set(row.manages),
  related: row.related,
  names: row.names ?? {},
  inactive: new Set(row.inactive),
});

/** One quote for the platform itself; null when it is gone. */
export async function findQuote(on: Database | Tx, id: string): Promise<LoadedQuote | null> {
  const row = await runOne<LoadedRow>(
    on,
    `select q.*, ${CUSTOMER_NAME}, ${QUOTE_PARTS}, ${NAMES}, ${RELATED} as related, ${INACTIVE}, '{}'::uuid[] as sees, '{}'::uuid[] as acts, '{}'::uuid[] as manages from quotes q where q.id = $1`,
    [id],
  );
  return row && toLoaded(row);
}
