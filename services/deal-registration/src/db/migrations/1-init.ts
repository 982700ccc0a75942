import { createAccessTables } from '@openprm/access';
import { createMessagingTables } from '@openprm/messaging';
import { createDecisionTables, migration } from '@openprm/postgres';

export const init = migration(
  'init1760000000001',
  `
${createDecisionTables}
${createMessagingTables}
${createAccessTables}

create sequence deal_number;
create sequence opportunity_number;

create table deals (
  id uuid not null,
  version integer not null,
  number text not null,
  partner_id uuid not null,
  owner_person_id uuid,
  owner_name text not null,
  title text not null,
  type text not null,
  selling_model text not null,
  customer jsonb not null,
  customer_id uuid,
  customer_name text not null,
  customer_keys text[] not null,
  lines jsonb not null,
  amount_minor bigint,
  currency text,
  expected_close_date date,
  evidence jsonb not null,
  description text not null,
  related jsonb not null,
  program_id uuid,
  program_name text not null,
  state text not null,
  submitted_by uuid,
  submitted_by_name text not null,
  submitted_at timestamptz(3),
  first_complete_at timestamptz(3),
  decided_at timestamptz(3),
  protection jsonb,
  conflict jsonb,
  conflict_notice text not null,
  queued boolean not null,
  info_request text not null,
  info_answer text not null,
  reject_code text,
  reason text not null,
  internal_note text not null,
  reviewer_id uuid,
  reviewer_name text not null,
  approver_name text not null,
  auto_approved boolean not null,
  opportunity_id uuid,
  opportunity_number text not null,
  resubmission_of uuid,
  resubmissions integer not null,
  external_id text,
  revocation_requested_by uuid,
  revocation_requested_by_name text not null,
  due_at timestamptz(3),
  paused_minutes integer,
  timers jsonb not null,
  next_timer_at timestamptz(3),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint deals_pkey primary key (id),
  constraint deals_number unique (number),
  constraint deals_external_id unique (external_id)
);
create index deals_newest on deals (created_at desc, id desc);
create index deals_partner on deals (partner_id, created_at desc, id desc);
create index deals_partner_changed on deals (partner_id, updated_at desc, id desc);
create index deals_customer on deals (customer_id, created_at desc, id desc) where customer_id is not null;
create index deals_next_timer on deals (next_timer_at) where next_timer_at is not null;
create index deals_queued on deals (first_complete_at) where queued;
create index deals_resubmission on deals (resubmission_of) where resubmission_of is not null;

create table opportunities (
  id uuid not null,
  version integer not null,
  number text not null,
  deal_id uuid,
  deal_number text not null,
  partner_id uuid,
  owner_person_id uuid,
  owner_name text not null,
  title text not null,
  type text not null,
  selling_model text,
  lead_mode text not null,
  customer jsonb not null,
  customer_id uuid,
  customer_name text not null,
  customer_keys text[] not null,
  lines jsonb not null,
  amount_minor bigint,
  currency text,
  stage text not null,
  stage_at timestamptz(3) not null,
  expected_close_date date,
  close_date date,
  close_reason text,
  close_text text not null,
  related jsonb not null,
  external_id text,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint opportunities_pkey primary key (id),
  constraint opportunities_number unique (number),
  -- A deal becomes one opportunity, whatever the race.
  constraint opportunities_deal unique (deal_id),
  constraint opportunities_external_id unique (external_id)
);
create index opportunities_newest on opportunities (created_at desc, id desc);
create index opportunities_partner on opportunities (partner_id, created_at desc, id desc);
create index opportunities_partner_changed on opportunities (partner_id, updated_at desc, id desc);
create index opportunities_customer on opportunities (customer_id, created_at desc, id desc) where customer_id is not null;

-- Further partners who may read a record; LISTED ones have no row.
create table deal_readers (
  id uuid not null,
  record_id uuid not null,
  partner_id uuid not null,
  created_at timestamptz(3) not null,
  constraint deal_readers_pkey primary key (id)
);
create index deal_readers_partner on deal_readers (partner_id, created_at desc, record_id desc);
create index deal_readers_record on deal_readers (record_id);
create table opportunity_readers (
  id uuid not null,
  record_id uuid not null,
  partner_id uuid not null,
  created_at timestamptz(3) not null,
  constraint opportunity_readers_pkey primary key (id)
);
create index opportunity_readers_partner on opportunity_readers (partner_id, created_at desc, record_id desc);
create index opportunity_readers_record on opportunity_readers (record_id);

-- Who claims which customer: a row per key of the customer and product family. The partial unique index makes a second active
-- protection of the same scope impossible, whatever the code above it believes.
create table customer_claims (
  id uuid not null,
  owner_id uuid not null,
  owner_kind text not null,
  customer_key text not null,
  family text not null,
  country text not null,
  active boolean not null,
  constraint customer_claims_pkey primary key (id)
);
create unique index customer_claims_exclusive on customer_claims (customer_key, family, country) where active;
create index customer_claims_key on customer_claims (customer_key);
create index customer_claims_owner on customer_claims (owner_id);

-- One command at a time per customer: the wildcards for all families and all countries are beyond what a unique index can see.
-- Sorted, so that two commands with several keys in common never wait for each other in a circle.
create function lock_customers(keys text[]) returns void language plpgsql as $$
declare
  lock_key bigint;
begin
  for lock_key in select distinct hashtextextended(k, 7210) as h from unnest(keys) k order by h loop
    perform pg_advisory_xact_lock(lock_key);
  end loop;
end $$;

create table conflict_checks (
  principal text not null,
  day date not null,
  count integer not null,
  constraint conflict_checks_pkey primary key (principal, day)
);

-- Copies of what other services say, fed by their events.
create table partnerships (
  partner_id uuid not null,
  version bigint not null,
  offers jsonb not null,
  constraint partnerships_pkey primary key (partner_id)
);
create table customers (
  id uuid not null,
  version integer not null,
  name text not null,
  country text not null,
  city text not null,
  tax_id text not null,
  website text not null,
  contact_email text not null,
  partner_id uuid,
  constraint customers_pkey primary key (id)
);
create table quotes (
  id uuid not null,
  version integer not null,
  number text not null,
  deal_id uuid,
  opportunity_id uuid,
  state text not null,
  constraint quotes_pkey primary key (id)
);
create index quotes_opportunity on quotes (opportunity_id) where opportunity_id is not null;
create index quotes_deal on quotes (deal_id) where deal_id is not null;
create table orders (
  id uuid not null,
  version integer not null,
  deal_id uuid,
  opportunity_id uuid,
  quote_id uuid,
  state text not null,
  constraint orders_pkey primary key (id)
);
create index orders_opportunity on orders (opportunity_id) where opportunity_id is not null;
create index orders_deal on orders (deal_id) where deal_id is not null;
create index orders_quote on orders (quote_id) where quote_id is not null;
`,
);
