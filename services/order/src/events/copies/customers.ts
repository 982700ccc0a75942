import type { Customer } from '@openprm/contracts/partnerdirectory';
import { run, type Tx } from '@openprm/postgres';
import { domainOf, mailDomainOf } from '../../db/domains';

export async function copyCustomer(tx: Tx, customer: Customer): Promise<void> {
  await run(
    tx,
    `insert into ref_customers (id, name, country, city, tax_id, domain, mail_domain, version) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (id) do update set name = excluded.name, country = excluded.country, city = excluded.city, tax_id = excluded.tax_id,
       domain = excluded.domain, mail_domain = excluded.mail_domain, version = excluded.version
     where ref_customers.version < excluded.version`,
    [
      customer.id,
      customer.name,
      customer.country,
      customer.city,
      customer.taxId,
      domainOf(customer.website),
      mailDomainOf(customer.contactEmail),
      customer.etag,
    ],
  );
}
