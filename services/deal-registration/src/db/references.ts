import { run, type Tx } from '@openprm/postgres';

export interface CustomerCopy {
  id: string;
  version: number;
  name: string;
  country: string;
  city: string;
  taxId: string;
  website: string;
  contactEmail: string;
  partnerId: string | null;
}

/** Each copy keeps the newest version it has seen; an older event changes nothing. */
export async function copyCustomer(
  tx: Tx,
  { id, version, name, country, city, taxId, website, contactEmail, partnerId }: CustomerCopy,
): Promise<void> {
  await run(
    tx,
    `insert into customers as c (id, version, name, country, city, tax_id, website, contact_email, partner_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (id) do update set version = excluded.version, name = excluded.name, country = excluded.country, city = excluded.city, tax_id = excluded.tax_id,
       website = excluded.website, contact_email = excluded.contact_email, partner_id = excluded.partner_id where c.version < excluded.version`,
    [id, version, name, country, city, taxId, website, contactEmail, partnerId],
  );
}

export interface QuoteCopy {
  id: string;
  version: number;
  number: string;
  dealId: string | null;
  opportunityId: string | null;
  state: string;
}

export async function copyQuote(tx: Tx, { id, version, number, dealId, opportunityId, state }: QuoteCopy): Promise<void> {
  await run(
    tx,
    `insert into quotes as q (id, version, number, deal_id, opportunity_id, state) values ($1, $2, $3, $4, $5, $6)
     on conflict (id) do update set version = excluded.version, number = excluded.number, deal_id = excluded.deal_id, opportunity_id = excluded.opportunity_id, state = excluded.state
     where q.version < excluded.version`,
    [id, version, number, dealId, opportunityId, state],
  );
}

export interface OrderCopy {
  id: string;
  version: number;
  dealId: string | null;
  opportunityId: string | null;
  quoteId: string | null;
  state: string;
}

export async function copyOrder(tx: Tx, { id, version, dealId, opportunityId, quoteId, state }: OrderCopy): Promise<void> {
  await run(
    tx,
    `insert into orders as w (id, version, deal_id, opportunity_id, quote_id, state) values ($1, $2, $3, $4, $5, $6)
     on conflict (id) do update set version = excluded.version, deal_id = excluded.deal_id, opportunity_id = excluded.opportunity_id, quote_id = excluded.quote_id, state = excluded.state
     where w.version < excluded.version`,
    [id, version, dealId, opportunityId, quoteId, state],
  );
}
