import { Params, scopeSql, type Scope } from '@openprm/access';
import { runOne, type Database, type Tx } from '@openprm/postgres';
import { toTier } from '../domain/approval';
import type { CatalogScope, PriceRule, ProductFacts, ProductState } from '../domain/catalog';
import type { BookPrice, VolumeBreak } from '../domain/pricing';
import type { Protection } from '../domain/protection';
import type { PartnerFacts, ProgramTerms, QuoteFacts } from '../domain/facts';

export interface FactsWanted {
  productIds: string[];
  partnerIds: string[];
  currency: string;
  customerId: string | null;
  dealId: string | null;
  opportunityId: string | null;
  now: Date;
  /** Where the caller acts; each partner is told whether it lies in it. */
  write: Scope;
  /** Where the caller reads, for the customer; one without partner is the enterprise's own. */
  read: Scope;
  enterprise: boolean;
  /** Draws a quote number. */
  number?: boolean;
}

interface EntryJson {
  book: string;
  unitPrice: string;
  unitCost: string | null;
  options: Record<string, string>;
}

interface ProductJson {
  id: string;
  sku: string;
  name: string;
  family: string;
  catalogScope: CatalogScope;
  state: ProductState;
  needsCheck: boolean;
  options: { code: string }[];
  volumeBreaks: VolumeBreak[] | null;
  list: EntryJson | null;
  custom: Record<string, EntryJson> | null;
}

interface PartnerJson {
  id: string;
  name: string;
  state: string;
  acts: boolean;
  enrolled: boolean | null;
  tier: string | null;
  catalogScope: CatalogScope | null;
  priceRule: PriceRule | null;
  maxDiscountBps: number | null;
  terms: ProgramTermsJson[] | null;
}

/** As the copy of a partnership keeps them. */
export interface ProgramTermsJson extends Omit<ProgramTerms, 'limit'> {
  limit: { minor: string; currency: string } | null;
}

interface FactsRow {
  products: ProductJson[] | null;
  partners: PartnerJson[] | null;
  protections: (Omit<Protection, 'endsAt'> & { endsAt: string })[] | null;
  customer: { name: string; country: string; readable: boolean } | null;
  program_id: string | null;
  number: bigint | null;
}

const ENTRY = `jsonb_build_object('book', b.name, 'unitPrice', e.unit_price::text, 'unitCost', e.unit_cost::text, 'options', e.options)`;

/** Everything that rules ask about products, prices, partners and protections of a quote; one statement. */
export async function loadFacts(on: Database | Tx, wanted: FactsWanted): Promise<QuoteFacts> {
  const params = new Params();
  const [products, partners, currency, now] = [
    params.add(wanted.productIds),
    params.add(wanted.partnerIds),
    params.add(wanted.currency),
    params.add(wanted.now),
  ];
  const [customer, deal, opportunity] = [params.add(wanted.customerId), params.add(wanted.dealId), params.add(wanted.opportunityId)];
  const valid = `b.currency = ${currency} and b.valid_from <= ${now} and (b.valid_until is null or b.valid_until > ${now})`;
  const row = await runOne<FactsRow>(
    on,
    `select
      (select jsonb_agg(jsonb_build_object('id', p.id, 'sku', p.sku, 'name', p.name, 'family', p.family, 'catalogScope', p.catalog_scope, 'state', p.state,
          'needsCheck', p.needs_check, 'options', p.options, 'volumeBreaks', f.volume_breaks,
          'list', (select ${ENTRY} from price_book_entries e join price_books b on b.id = e.price_book_id
            where e.product_id = p.id and b.partner_id is null and ${valid} order by b.valid_from desc, b.id desc limit 1),
          'custom', (select jsonb_object_agg(c.partner_id, c.entry) from (
            select distinct on (b.partner_id) b.partner_id, ${ENTRY} as entry from price_book_entries e join price_books b on b.id = e.price_book_id
            where e.product_id = p.id and b.partner_id = any(${partners}::uuid[]) and ${valid} order by b.partner_id, b.valid_from desc, b.id desc) c)))
        from products p left join product_families f on f.code = p.family where p.id = any(${products}::uuid[])) as products,
      (select jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name, 'state', a.state, 'acts', ${scopeSql(wanted.write, 'a.id', params)}, 'enrolled', s.enrolled, 'tier', s.tier,
          'catalogScope', s.catalog_scope, 'priceRule', s.price_rule, 'maxDiscountBps', s.max_discount_bps, 'terms', s.terms))
        from access_partners a left join ref_partnerships s on s.partner_id = a.id where a.id = any(${partners}::uuid[]) and a.kind = 'EXTERNAL') as partners,
      (select jsonb_agg(jsonb_build_object('dealId', t.deal_id, 'opportunityId', t.opportunity_id, 'partnerId', t.partner_id, 'customerId', t.customer_id, 'families', t.families,
          'country', t.country, 'endsAt', t.ends_at))
        from ref_protections t where t.state = 'ACTIVE' and t.ends_at >= ${now} and (t.customer_id = ${customer} or t.deal_id = ${deal} or t.opportunity_id = ${opportunity})) as protections,
      (select jsonb_build_object('name', c.name, 'country', c.country, 'readable', coalesce(${scopeSql(wanted.read, 'c.partner_id', params)}, ${params.add(wanted.enterprise)}::boolean))
        from ref_customers c where c.id = ${customer}) as customer,
      (select d.program_id from ref_deals d where d.id = ${deal}) as program_id
      ${wanted.number ? `, nextval('quote_numbers') as number` : ', null::bigint as number'}`,
    params.values,
  );
  return toFacts(row!);
}

function toFacts(row: FactsRow): QuoteFacts {
  return {
    products: new Map((row.products ?? []).map((each) => [each.id, toProduct(each)])),
    prices: new Map(
      (row.products ?? []).map((each) => [
        each.id,
        { list: toPrice(each.list), custom: toCustom(each.custom), volumeBreaks: each.volumeBreaks ?? [] },
      ]),
    ),
    partners: new Map((row.partners ?? []).map((each) => [each.id, toPartner(each)])),
    protections: (row.protections ?? []).map((each) => ({ ...each, endsAt: new Date(each.endsAt) })),
    customer: row.customer,
    programId: row.program_id,
    number: row.number === null ? '' : `QU-${String(row.number).padStart(6, '0')}`,
  };
}

const toProduct = ({ id, sku, name, family, catalogScope, state, needsCheck, options }: ProductJson): ProductFacts => ({
  ...{ id, sku, name, family, catalogScope, state, needsCheck },
  options: options.map((each) => each.code),
});

const toPrice = (entry: EntryJson | null): BookPrice | null =>
  entry && {
    book: entry.book,
    unitPrice: BigInt(entry.unitPrice),
    unitCost: entry.unitCost === null ? null : BigInt(entry.unitCost),
    options: Object.fromEntries(Object.entries(entry.options).map(([code, price]) => [code, BigInt(price)])),
  };

const toCustom = (entries: Record<string, EntryJson> | null): ReadonlyMap<string, BookPrice> =>
  new Map(Object.entries(entries ?? {}).map(([partnerId, entry]) => [partnerId, toPrice(entry)!]));

const toPartner = (json: PartnerJson): PartnerFacts => ({
  id: json.id,
  name: json.name,
  active: json.state === 'ACTIVE',
  acts: json.acts,
  enrolled: json.enrolled ?? false,
  tier: toTier(json.tier ?? ''),
  catalogScope: json.catalogScope ?? 'STANDARD',
  priceRule: json.priceRule ?? 'LIST',
  maxDiscountBps: json.maxDiscountBps,
  terms: (json.terms ?? []).map((terms) => ({
    ...terms,
    limit: terms.limit && { minor: BigInt(terms.limit.minor), currency: terms.limit.currency },
  })),
});
