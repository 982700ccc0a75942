import { createAccessTables } from '@openprm/access';
import { createMessagingTables } from '@openprm/messaging';
import { createDecisionTables, migration } from '@openprm/postgres';

export const init = migration(
  'init1760000000001',
  `
${createDecisionTables}
${createMessagingTables}
${createAccessTables}

create table product_families (
  id uuid not null,
  version integer not null,
  code text not null,
  name text not null,
  volume_breaks jsonb not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint product_families_pkey primary key (id),
  constraint product_families_code unique (code)
);

create table products (
  id uuid not null,
  version integer not null,
  sku text not null,
  name text not null,
  description text not null,
  family text not null,
  catalog_scope text not null,
  state text not null,
  needs_check boolean not null,
  options jsonb not null,
  external_id text,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint products_pkey primary key (id),
  constraint products_sku unique (sku),
  constraint products_external_id unique (external_id)
);
create index products_newest on products (created_at desc, id desc);
create index products_family on products (family, created_at desc, id desc);

create table price_books (
  id uuid not null,
  version integer not null,
  name text not null,
  currency text not null,
  partner_id uuid,
  valid_from timestamptz(3) not null,
  valid_until timestamptz(3),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint price_books_pkey primary key (id)
);
create index price_books_newest on price_books (created_at desc, id desc);
create index price_books_currency on price_books (currency, partner_id, valid_from);

create table price_book_entries (
  price_book_id uuid not null,
  product_id uuid not null,
  unit_price bigint not null,
  unit_cost bigint,
  options jsonb not null,
  constraint price_book_entries_pkey primary key (price_book_id, product_id),
  constraint price_book_entries_price_book foreign key (price_book_id) references price_books (id) deferrable initially deferred
);
create index price_book_entries_product on price_book_entries (product_id);

create sequence quote_numbers;
create table quotes (
  id uuid not null,
  version integer not null,
  number text not null,
  revision integer not null,
  state text not null,
  partner_id uuid not null,
  deal_id uuid,
  opportunity_id uuid,
  customer_id uuid,
  customer_name text not null,
  currency text not null,
  valid_until timestamptz(3) not null,
  payment_terms_days integer not null,
  special_terms text not null,
  note text not null,
  line_count integer not null,
  line_partner_ids uuid[] not null,
  awaiting_group text,
  state_reason text not null,
  state_comment text not null,
  acceptance_proof text not null,
  supersedes_id uuid,
  superseded_by_id uuid,
  order_id uuid,
  external_id text,
  submitted_by text,
  notice_days integer,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  submitted_at timestamptz(3),
  accepted_at timestamptz(3),
  constraint quotes_pkey primary key (id),
  -- Of two revisions at once one wins: there is one active version.
  constraint quotes_revision unique (number, revision),
  constraint quotes_external_id unique (external_id)
);
create index quotes_newest on quotes (created_at desc, id desc);
create index quotes_deal on quotes (deal_id, created_at desc, id desc);
create index quotes_opportunity on quotes (opportunity_id, created_at desc, id desc);
create index quotes_customer on quotes (customer_id, created_at desc, id desc);
create index quotes_awaiting on quotes (awaiting_group, created_at desc, id desc) where awaiting_group is not null;
create index quotes_ending on quotes (valid_until) where state in ('APPROVED', 'PRESENTED');

-- Who has a part in a quote, with what a list and a summary need: reading them touches only rows of the organisations asked for.
create table quote_parties (
  id uuid not null,
  quote_id uuid not null,
  partner_id uuid not null,
  is_owner boolean not null,
  has_lines boolean not null,
  -- True when a line's price is not shared with the other partners.
  has_hidden boolean not null,
  state text not null,
  currency text not null,
  list_amount bigint,
  net_amount bigint,
  cost_amount bigint,
  created_at timestamptz(3) not null,
  constraint quote_parties_pkey primary key (id)
);
create index quote_parties_quote on quote_parties (quote_id);
create index quote_parties_newest on quote_parties (partner_id, created_at desc, quote_id desc);

create table quote_lines (
  id uuid not null,
  quote_id uuid not null,
  position integer not null,
  product_id uuid not null,
  product_name text not null,
  sku text not null,
  family text not null,
  needs_check boolean not null,
  quantity integer not null,
  line_partner_id uuid not null,
  options text[] not null,
  discount_bps integer not null,
  confirmation text not null,
  shared boolean not null,
  unit_list_price bigint,
  list_amount bigint,
  entitled_amount bigint,
  net_amount bigint,
  cost_amount bigint,
  constraint quote_lines_pkey primary key (id)
);
create index quote_lines_quote on quote_lines (quote_id);

create table quote_price_steps (
  id uuid not null,
  quote_id uuid not null,
  line_id uuid not null,
  position integer not null,
  kind text not null,
  source text not null,
  unit_price bigint,
  discount_bps integer not null,
  line_amount bigint not null,
  constraint quote_price_steps_pkey primary key (id)
);
create index quote_price_steps_quote on quote_price_steps (quote_id);

create table quote_approval_steps (
  id uuid not null,
  quote_id uuid not null,
  position integer not null,
  step_group text not null,
  state text not null,
  reasons jsonb not null,
  reused boolean not null,
  decided_at timestamptz(3),
  decided_by text,
  decided_by_name text not null,
  comment text not null,
  constraint quote_approval_steps_pkey primary key (id)
);
create index quote_approval_steps_quote on quote_approval_steps (quote_id);

-- Copies of what other services own, fed by their events; the version of the source keeps older news from overwriting newer.
create table ref_partnerships (
  partner_id uuid not null,
  version bigint not null,
  enrolled boolean not null,
  tier text not null,
  catalog_scope text not null,
  price_rule text not null,
  max_discount_bps integer,
  terms jsonb not null,
  constraint ref_partnerships_pkey primary key (partner_id)
);

create table ref_customers (
  id uuid not null,
  version integer not null,
  name text not null,
  country text not null,
  partner_id uuid,
  constraint ref_customers_pkey primary key (id)
);

create table ref_deals (
  id uuid not null,
  version integer not null,
  partner_id uuid,
  customer_id uuid,
  customer_name text not null,
  opportunity_id uuid,
  program_id uuid,
  currency text not null,
  lines jsonb not null,
  related uuid[] not null,
  constraint ref_deals_pkey primary key (id)
);

create table ref_opportunities (
  id uuid not null,
  version integer not null,
  partner_id uuid,
  customer_id uuid,
  customer_name text not null,
  deal_id uuid,
  currency text not null,
  lines jsonb not null,
  related uuid[] not null,
  constraint ref_opportunities_pkey primary key (id)
);

create table ref_protections (
  id uuid not null,
  deal_id uuid not null,
  opportunity_id uuid,
  partner_id uuid not null,
  customer_id uuid,
  families text[] not null,
  country text not null,
  state text not null,
  ends_at timestamptz(3) not null,
  constraint ref_protections_pkey primary key (id)
);
create index ref_protections_customer on ref_protections (customer_id) where state = 'ACTIVE';
create index ref_protections_deal on ref_protections (deal_id) where state = 'ACTIVE';
create index ref_protections_opportunity on ref_protections (opportunity_id) where state = 'ACTIVE';
`,
);
