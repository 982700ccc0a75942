import { Params, scopeSql, type Caller, type Scope } from '@openprm/access';
import { notFound } from '@openprm/errors';
import { run, runOne, type Tx } from '@openprm/postgres';
import type { Standing } from '../domain/authority';
import type { Customer } from '../domain/deal';
import { noCustomer } from '../domain/register-deal';
import type { Terms } from '../domain/terms';
import { toMoney } from './revive';
import { standingSql, toStanding, type StandingRow } from './standing';

/** What rules need to know of the partner that registers. */
export interface PartnerContext {
  id: string;
  name: string;
  state: string;
  offers: Terms[];
  /** Domains of the partner's own mail and web addresses. */
  domains: string[];
  hasRelationshipManager: boolean;
  /** Name of the person asked for; null when they are no active staff of the partner. */
  ownerName: string | null;
  /** The recorded customer asked for; null when it is not known (yet). */
  customer: Customer | null;
  number: string;
  standing: Standing;
}

export interface PartnerColumns {
  partner_name: string | null;
  partner_state: string | null;
  partner_website: string | null;
  offers: Terms[] | null;
  relationship_manager_id: string | null;
  domains: string[] | null;
}

/** Columns about the partner `p` with its partnership `s`; both are joined by whoever selects them. */
export const partnerColumns = `p.name as partner_name, p.state as partner_state, p.website as partner_website, p.relationship_manager_id, s.offers,
  (select array_agg(distinct split_part(m.email, '@', 2)) from access_memberships m where m.partner_id = p.id and m.state = 'ACTIVE') as domains`;

export const toOffers = (offers: Terms[] | null): Terms[] =>
  (offers ?? []).map((terms) => ({ ...terms, autoApproveLimit: toMoney(terms.autoApproveLimit) }));

/** The website belongs to the partner as its mail domains do. */
export const toDomains = (row: Pick<PartnerColumns, 'domains' | 'partner_website'>): string[] => [
  ...(row.domains ?? []),
  ...(row.partner_website ? [row.partner_website] : []),
];

interface CustomerCopy {
  id: string;
  name: string;
  country: string;
  city: string;
  tax_id: string;
  website: string;
  contact_email: string;
}

const toCustomer = (copy: CustomerCopy): Customer => ({
  ...noCustomer,
  customerId: copy.id,
  name: copy.name,
  country: copy.country,
  city: copy.city,
  taxId: copy.tax_id,
  website: copy.website,
  contactEmail: copy.contact_email,
});

type ContextRow = PartnerColumns & StandingRow & { id: string; owner_name: string | null; customer: CustomerCopy | null; number: string };

/** The partner within the scope, with everything a new deal needs; one statement. Throws NOT_FOUND when missing or outside. */
export async function loadPartnerContext(
  tx: Tx,
  caller: Caller,
  scope: Scope,
  ask: { partnerId: string; ownerPersonId: string | null; customerId: string | null },
): Promise<PartnerContext> {
  const params = new Params();
  const sql = `select p.id, ${partnerColumns},
      (select m.name from access_memberships m where m.partner_id = p.id and m.person_id = ${params.add(ask.ownerPersonId)}::uuid and m.state = 'ACTIVE' limit 1) as owner_name,
      (select to_json(c) from customers c where c.id = ${params.add(ask.customerId)}::uuid and ${scopeSql(scope, 'c.partner_id', params)}) as customer,
      nextval('deal_number')::text as number, ${standingSql(caller, 'p.id', params)}
    from access_partners p left join partnerships s on s.partner_id = p.id
    where p.id = ${params.add(ask.partnerId)}::uuid and p.kind = 'EXTERNAL' and ${scopeSql(scope, 'p.id', params)}`;
  const row = await runOne<ContextRow>(tx, sql, params.values);
  if (!row) throw notFound('partner');
  return {
    id: row.id,
    name: row.partner_name ?? '',
    state: row.partner_state ?? '',
    offers: toOffers(row.offers),
    domains: toDomains(row),
    hasRelationshipManager: row.relationship_manager_id !== null,
    ownerName: row.owner_name,
    customer: row.customer && toCustomer(row.customer),
    number: dealNumber(row.number),
    standing: toStanding(caller, row),
  };
}

export const dealNumber = (value: string): string => `DR-${value.padStart(6, '0')}`;
export const opportunityNumber = (value: string): string => `OP-${value.padStart(6, '0')}`;

/** A recorded customer of a partner in scope: an id must not give away what somebody else recorded. */
export async function findCustomer(tx: Tx, scope: Scope, id: string): Promise<Customer | null> {
  const params = new Params();
  const row = await runOne<CustomerCopy>(
    tx,
    `select c.* from customers c where c.id = ${params.add(id)} and ${scopeSql(scope, 'c.partner_id', params)}`,
    params.values,
  );
  return row && toCustomer(row);
}

/** Name of a person by any active membership; null when nobody of that id is known. */
export async function findPersonName(tx: Tx, personId: string, partnerId: string | null): Promise<string | null> {
  const row = await runOne<{ name: string }>(
    tx,
    `select m.name from access_memberships m where m.person_id = $1 and m.state = 'ACTIVE' and ($2::uuid is null or m.partner_id = $2) limit 1`,
    [personId, partnerId],
  );
  return row?.name ?? null;
}

/** Names of partners by id, as far as they are known. */
export async function findPartnerNames(tx: Tx, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await run<{ id: string; name: string }>(
    tx,
    `select id, name from access_partners where id = any($1::uuid[]) and kind = 'EXTERNAL'`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row.name]));
}
