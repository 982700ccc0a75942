import { createAccessTables } from '@openprm/access';
import { createMessagingTables } from '@openprm/messaging';
import { createDecisionTables, migration } from '@openprm/postgres';

export const init = migration(
  'init1760000000001',
  `
${createDecisionTables}
${createMessagingTables}
${createAccessTables}

create sequence order_numbers;

create table orders (
  id uuid not null,
  number text not null,
  version integer not null,
  partner_id uuid not null,
  partner_name text not null,
  state text not null,
  quote_id uuid,
  quote_number text,
  opportunity_id uuid,
  deal_id uuid,
  customer_id uuid not null,
  customer_name text not null,
  currency text not null,
  total_minor bigint not null,
  ship_to jsonb not null,
  purchase_order_number text not null,
  note text not null,
  owner_person_id uuid,
  owner_name text not null,
  owner_email text not null,
  created_by text not null,
  submitted_by text,
  review_reasons jsonb not null,
  review_due_time timestamptz(3),
  question text not null,
  reject_reason text,
  decision_comment text not null,
  state_reason text not null,
  resubmission_of_id uuid,
  source text not null,
  external_id text,
  possible_duplicate boolean not null,
  discount_at_limit boolean not null,
  fingerprint text not null,
  back_to text,
  order_time timestamptz(3) not null,
  submit_time timestamptz(3),
  decision_time timestamptz(3),
  fulfil_time timestamptz(3),
  cancel_time timestamptz(3),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint orders_pkey primary key (id),
  constraint orders_number unique (number),
  constraint orders_source unique (source, external_id),
  constraint orders_corrected_once unique (resubmission_of_id)
);
-- A quote becomes an order exactly once, whatever the race; only the correction of a rejected order names its quote again.
create unique index orders_quote on orders (quote_id) where resubmission_of_id is null;
create index orders_of_quote on orders (quote_id, created_at desc, id desc);
create index orders_newest on orders (created_at desc, id desc);
create index orders_state on orders (state, created_at desc, id desc);
create index orders_customer on orders (customer_id, created_at desc, id desc);
create index orders_opportunity on orders (opportunity_id, created_at desc, id desc);
create index orders_owner on orders (owner_person_id, created_at desc, id desc);
create index orders_submitted on orders (partner_id, submit_time desc);
create index orders_equal on orders (partner_id, fingerprint, created_at desc);

create table order_lines (
  id uuid not null,
  order_id uuid not null,
  position integer not null,
  product_id uuid,
  product_name text not null,
  product_family text,
  quantity bigint not null,
  line_partner_id uuid not null,
  line_partner_name text not null,
  amount_minor bigint not null,
  shared boolean not null,
  state text not null,
  expected_time timestamptz(3),
  fulfil_time timestamptz(3),
  constraint order_lines_pkey primary key (id),
  constraint order_lines_order foreign key (order_id) references orders (id)
);
create index order_lines_of_order on order_lines (order_id, position);

-- Every partner with a part in an order, the placing one included: what partners may read is found here, newest first.
create table order_partners (
  id uuid not null,
  order_id uuid not null,
  partner_id uuid not null,
  created_at timestamptz(3) not null,
  constraint order_partners_pkey primary key (id),
  constraint order_partners_once unique (order_id, partner_id),
  constraint order_partners_order foreign key (order_id) references orders (id)
);
create index order_partners_newest on order_partners (partner_id, created_at desc, order_id desc);

-- Local copies, fed by events; the version is that of the source record.
create table ref_partnerships (
  partner_id uuid not null,
  enrolled boolean not null,
  tier text,
  catalog_scope text not null,
  max_discount_basis_points integer not null,
  version bigint not null,
  constraint ref_partnerships_pkey primary key (partner_id)
);
create table ref_customers (
  id uuid not null,
  name text not null,
  country text not null,
  city text not null,
  tax_id text not null,
  domain text not null,
  mail_domain text not null,
  version bigint not null,
  constraint ref_customers_pkey primary key (id)
);
create table ref_products (
  id uuid not null,
  catalog_scope text not null,
  family text not null,
  version bigint not null,
  constraint ref_products_pkey primary key (id)
);
create table ref_quotes (
  id uuid not null,
  number text not null,
  state text not null,
  partner_id uuid not null,
  customer_id uuid,
  opportunity_id uuid,
  deal_id uuid,
  currency text not null,
  total_minor bigint not null,
  valid_until timestamptz(3),
  accept_time timestamptz(3),
  lines jsonb not null,
  version bigint not null,
  constraint ref_quotes_pkey primary key (id)
);
create table ref_deals (
  id uuid not null,
  partner_id uuid not null,
  owner_person_id uuid,
  customer_id uuid,
  protected_families text[] not null,
  protected_country text not null,
  protected_until timestamptz(3),
  version bigint not null,
  constraint ref_deals_pkey primary key (id)
);
create index ref_deals_protections on ref_deals (customer_id, protected_until) where protected_until is not null;
`,
);
