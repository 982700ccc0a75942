import { Params, scopeSql, type Scope } from '@openprm/access';
import { run, runOne, type Database, type Tx } from '@openprm/postgres';
import type { CustomerFacts, Facts, HistoryFacts, PartnerFacts, QuoteFacts, QuoteLine } from '../domain/facts';
import { partnersOf } from '../domain/lines';
import type { Person } from '../domain/new-order';
import type { Order } from '../domain/order';
import { fingerprintOf } from '../domain/submit';
import { domainOf } from './domains';

interface PartnerJson {
  id: string;
  name: string;
  state: string;
  website: string;
  enrolled: boolean | null;
  tier: string | null;
  catalog_scope: string | null;
  max_discount_basis_points: number | null;
}

interface CustomerJson {
  id: string;
  name: string;
  country: string;
  city: string;
  tax_id: string;
  domain: string;
  mail_domain: string;
}

interface QuoteJson {
  id: string;
  number: string;
  state: string;
  partner_id: string;
  customer_id: string | null;
  opportunity_id: string | null;
  deal_id: string | null;
  currency: string;
  total_minor: string;
  valid_until: string | null;
  accept_time: string | null;
  lines: QuoteLineJson[];
}

export interface QuoteLineJson {
  id: string;
  productId: string | null;
  productName: string;
  productFamily: string | null;
  quantity: string;
  linePartnerId: string;
  amount: string;
  discountBasisPoints: number;
  shared: boolean;
  /** Filled in from the product when read. */
  productScope?: string;
}

/** SQL giving the quote `q` as one JSON column, its lines with the scope of their products. */
const QUOTE_JSON = `to_jsonb(q) || jsonb_build_object('total_minor', q.total_minor::text, 'lines', coalesce((
    select jsonb_agg(l.line || jsonb_build_object('productScope', coalesce(p.catalog_scope, 'standard')) order by l.place)
    from jsonb_array_elements(q.lines) with ordinality l(line, place) left join ref_products p on p.id = (l.line ->> 'productId')::uuid), '[]'))`;
const PARTNERS = `select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'state', p.state, 'website', p.website, 'enrolled', s.enrolled, 'tier', s.tier,
    'catalog_scope', s.catalog_scope, 'max_discount_basis_points', s.max_discount_basis_points)) from access_partners p left join ref_partnerships s on s.partner_id = p.id`;

/** What an order is made from. */
export interface Beginnings {
  quote: QuoteFacts;
  customer: CustomerFacts | null;
  partners: Map<string, PartnerFacts>;
  owner: Person | null;
  number: bigint;
}

/**
 * The quote's copy with its customer, partners, the deal's owner and the next order number; one statement.
 * Null when the quote is unknown or its partner outside the scope.
 */
export async function findBeginnings(on: Database | Tx, quoteId: string, scope: Scope): Promise<Beginnings | null> {
  const params = new Params();
  const row = await runOne<{
    quote: QuoteJson;
    customer: CustomerJson | null;
    partners: PartnerJson[] | null;
    owner: Person | null;
    number: bigint;
  }>(
    on,
    `select (select ${QUOTE_JSON} from ref_quotes q where q.id = r.id) as quote,
       (select to_jsonb(c) from ref_customers c where c.id = r.customer_id) as customer,
       (${PARTNERS} where p.id = r.partner_id or p.id in (select (l ->> 'linePartnerId')::uuid from jsonb_array_elements(r.lines) l)) as partners,
       (select jsonb_build_object('personId', m.person_id, 'name', m.name, 'email', m.email) from ref_deals d join access_memberships m on m.person_id = d.owner_person_id
        where d.id = r.deal_id order by m.created_at limit 1) as owner,
       nextval('order_numbers') as number
     from ref_quotes r where r.id = ${params.add(quoteId)} and ${scopeSql(scope, 'r.partner_id', params)}`,
    params.values,
  );
  if (!row) return null;
  return {
    quote: toQuote(row.quote),
    customer: row.customer && toCustomer(row.customer),
    partners: toPartners(row.partners),
    owner: row.owner,
    number: row.number,
  };
}

/** An order about to be handed in, and who does it. */
export interface Asked {
  order: Order;
  principal: string;
}

const NOT_DEAD = `o.submit_time is not null and o.state not in ('REJECTED', 'CANCELLED')`;
const EARLIER = `from orders o where o.partner_id = i.partner_id and o.id <> i.id and ${NOT_DEAD}`;
const TOTALS = (since: string): string =>
  `array(select o.total_minor ${EARLIER} and o.currency = i.currency and o.submit_time > $2::timestamptz - interval '${since}' order by o.submit_time desc limit 1000)`;

const FACTS = `
  select (select ${QUOTE_JSON} from ref_quotes q where q.id = i.quote_id) as quote,
    (${PARTNERS} where p.id = any(i.partners)) as partners,
    (select to_jsonb(c) from ref_customers c where c.id = i.customer_id) as customer,
    (select count(*)::int from (select 1 ${EARLIER} limit 100) e) as orders_of_partner,
    (select count(*)::int from (select 1 from orders o where o.customer_id = i.customer_id and o.id <> i.id and ${NOT_DEAD} limit 1) e) as orders_of_customer,
    ${TOTALS('6 months')} as recent_totals,
    ${TOTALS('30 days')} as month_totals,
    array(select o.discount_at_limit ${EARLIER} order by o.submit_time desc limit 10) as latest_discounts,
    (select o.number from orders o where o.partner_id = i.partner_id and o.customer_id = i.customer_id and o.fingerprint = i.fingerprint and o.id <> i.id
       and o.created_at > $2::timestamptz - interval '24 hours' and o.state not in ('REJECTED', 'CANCELLED') order by o.created_at desc limit 1) as equal_order,
    array(select distinct f from ref_deals d, unnest(d.protected_families) f where d.customer_id = i.customer_id and d.protected_until > $2
       and d.partner_id <> all(i.partners) and d.protected_country in ('ALL', '', i.country)) as foreign_families,
    (select min(m.created_at) from access_memberships m join access_ancestry a on a.ancestor_id = m.partner_id and a.descendant_id = i.partner_id
       where m.email = i.principal and m.state = 'ACTIVE' and m.role like 'PARTNER%') as member_since
  from jsonb_to_recordset($1::jsonb) as i(place int, id uuid, partner_id uuid, customer_id uuid, quote_id uuid, partners uuid[], currency text, fingerprint text, country text, principal text)
  order by i.place`;

/** Everything the rules ask of each order, in their order; one statement however many there are. */
export async function loadFacts(on: Database | Tx, asked: readonly Asked[], now: Date): Promise<Facts[]> {
  if (asked.length === 0) return [];
  const items = asked.map(({ order, principal }, place) => ({
    place,
    id: order.id,
    partner_id: order.partnerId,
    customer_id: order.customerId,
    quote_id: order.quoteId,
    partners: partnersOf(order),
    currency: order.currency,
    fingerprint: fingerprintOf(order.currency, order.lines),
    country: order.shipTo.country,
    principal,
  }));
  return (await run<FactsRow>(on, FACTS, [JSON.stringify(items), now])).map(toFacts);
}

interface FactsRow {
  quote: QuoteJson | null;
  partners: PartnerJson[] | null;
  customer: CustomerJson | null;
  orders_of_partner: number;
  orders_of_customer: number;
  recent_totals: string[];
  month_totals: string[];
  latest_discounts: boolean[];
  equal_order: string | null;
  foreign_families: string[];
  member_since: Date | null;
}

const toFacts = (row: FactsRow): Facts => ({
  quote: row.quote && toQuote(row.quote),
  partners: toPartners(row.partners),
  customer: row.customer && toCustomer(row.customer),
  history: toHistory(row),
  foreignFamilies: row.foreign_families,
  memberSince: row.member_since,
});

function toHistory(row: FactsRow): HistoryFacts {
  const ends = row.latest_discounts.indexOf(false);
  return {
    ordersOfPartner: row.orders_of_partner,
    ordersOfCustomer: row.orders_of_customer,
    recentTotals: row.recent_totals.map(BigInt),
    monthTotals: row.month_totals.map(BigInt),
    discountAtLimitInARow: ends < 0 ? row.latest_discounts.length : ends,
    equalOrder: row.equal_order,
  };
}

const toPartners = (list: PartnerJson[] | null): Map<string, PartnerFacts> =>
  new Map((list ?? []).map((each) => [each.id, toPartner(each)]));

const toPartner = (json: PartnerJson): PartnerFacts => ({
  id: json.id,
  name: json.name,
  state: json.state,
  enrolled: json.enrolled ?? false,
  tier: json.tier,
  catalogScope: json.catalog_scope ?? 'standard',
  maxDiscountBasisPoints: json.max_discount_basis_points ?? 0,
  domain: domainOf(json.website),
});

const toCustomer = (json: CustomerJson): CustomerFacts => ({
  id: json.id,
  name: json.name,
  country: json.country,
  city: json.city,
  taxId: json.tax_id,
  domain: json.domain,
  mailDomain: json.mail_domain,
});

const toQuote = (json: QuoteJson): QuoteFacts => ({
  id: json.id,
  number: json.number,
  state: json.state,
  partnerId: json.partner_id,
  customerId: json.customer_id ?? '',
  opportunityId: json.opportunity_id,
  dealId: json.deal_id,
  currency: json.currency,
  total: { minor: BigInt(json.total_minor), currency: json.currency },
  validUntil: json.valid_until ? new Date(json.valid_until) : null,
  acceptTime: json.accept_time ? new Date(json.accept_time) : null,
  lines: json.lines.map((line): QuoteLine => ({
    ...line,
    productScope: line.productScope ?? 'standard',
    quantity: BigInt(line.quantity),
    amount: { minor: BigInt(line.amount), currency: json.currency },
  })),
});

/** Copies of quotes by id, as far as they have arrived; one statement. */
export async function findQuotes(on: Database | Tx, ids: string[]): Promise<Map<string, QuoteFacts>> {
  const rows = await run<{ quote: QuoteJson }>(on, `select ${QUOTE_JSON} as quote from ref_quotes q where q.id = any($1::uuid[])`, [ids]);
  return new Map(rows.map(({ quote }) => [quote.id, toQuote(quote)]));
}

/** What an import refers to, as far as it is known here; one statement. */
export async function findReferences(on: Database | Tx, partnerIds: string[], customerIds: string[], emails: string[]) {
  const row = await runOne<{
    partners: PartnerJson[] | null;
    customers: CustomerJson[] | null;
    owners: (Person & { partnerId: string })[] | null;
  }>(
    on,
    `select (${PARTNERS} where p.id = any($1::uuid[])) as partners,
       (select jsonb_agg(to_jsonb(c)) from ref_customers c where c.id = any($2::uuid[])) as customers,
       (select jsonb_agg(jsonb_build_object('personId', m.person_id, 'name', m.name, 'email', m.email, 'partnerId', m.partner_id))
        from access_memberships m where m.email = any($3::text[])) as owners`,
    [partnerIds, customerIds, emails],
  );
  return {
    partners: toPartners(row?.partners ?? null),
    customers: new Map((row?.customers ?? []).map((each) => [each.id, toCustomer(each)])),
    owners: new Map(
      (row?.owners ?? []).map((each): [string, Person] => [each.email, { personId: each.personId, name: each.name, email: each.email }]),
    ),
  };
}
