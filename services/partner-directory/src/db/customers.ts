import { notFound } from '@openprm/errors';
import { Params, scopedList, scopeSql, type Scope } from '@openprm/access';
import { containing, decodeCursor, pageSize, run, runOne, toPage, type Database, type Page, type Tx } from '@openprm/postgres';
import type { Customer, CustomerKind, RelationOwner } from '../domain/customer';

export interface CustomerRow {
  id: string;
  version: number;
  name: string;
  kind: CustomerKind;
  country: string;
  city: string;
  industry: string;
  website: string;
  tax_id: string;
  parent_customer_id: string | null;
  partner_id: string | null;
  relation_owner: RelationOwner;
  contact_email: string;
  contact_phone: string;
  external_id: string | null;
  created_at: Date;
  updated_at: Date;
}

export const toCustomerRow = (customer: Customer) => ({
  id: customer.id,
  version: customer.version,
  name: customer.name,
  kind: customer.kind,
  country: customer.country,
  city: customer.city,
  industry: customer.industry,
  website: customer.website,
  tax_id: customer.taxId,
  parent_customer_id: customer.parentCustomerId,
  partner_id: customer.partnerId,
  relation_owner: customer.relationOwner,
  contact_email: customer.contactEmail,
  contact_phone: customer.contactPhone,
  external_id: customer.externalId,
  created_at: customer.createdAt,
  updated_at: customer.updatedAt,
});

const fromCustomerRow = (row: CustomerRow): Customer => ({
  id: row.id,
  version: row.version,
  name: row.name,
  kind: row.kind,
  country: row.country,
  city: row.city,
  industry: row.industry,
  website: row.website,
  taxId: row.tax_id,
  parentCustomerId: row.parent_customer_id,
  partnerId: row.partner_id,
  relationOwner: row.relation_owner,
  contactEmail: row.contact_email,
  contactPhone: row.contact_phone,
  externalId: row.external_id,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

/** One end customer within the scope of its partner. Throws NOT_FOUND when missing or outside. */
export async function loadCustomer(on: Database | Tx, scope: Scope, id: string): Promise<Customer> {
  const params = new Params();
  const row = await runOne<CustomerRow>(
    on,
    `select c.* from customers c where c.id = ${params.add(id)} and ${scopeSql(scope, 'c.partner_id', params)}`,
    params.values,
  );
  if (!row) throw notFound('customer');
  return fromCustomerRow(row);
}

export interface CustomerFilter {
  search: string;
  partnerId: string;
  country: string;
  pageSize: number;
  pageToken: string;
}

/** End customers in scope, newest first; one statement. */
export async function listCustomers(database: Database, scope: Scope, filter: CustomerFilter): Promise<Page<Customer>> {
  const params = new Params();
  const size = pageSize(filter.pageSize);
  const where: string[] = [];
  if (filter.search) where.push(`c.name ilike ${params.add(containing(filter.search))}`);
  if (filter.partnerId) where.push(`c.partner_id = ${params.add(filter.partnerId)}`);
  if (filter.country) where.push(`c.country = ${params.add(filter.country)}`);
  const sql = scopedList(
    {
      select: 'c.*',
      from: 'customers c',
      owner: 'c.partner_id',
      time: 'c.created_at',
      id: 'c.id',
      where,
      scope,
      after: decodeCursor(filter.pageToken),
      size,
    },
    params,
  );
  const rows = await run<CustomerRow>(database, sql, params.values);
  const page = toPage(
    rows.map((row) => ({ ...row, time: row.created_at })),
    size,
  );
  return { items: page.items.map(fromCustomerRow), nextPageToken: page.nextPageToken };
}
