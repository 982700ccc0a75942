import { createAccessTables } from '@openprm/access';
import { createMessagingTables } from '@openprm/messaging';
import { createDecisionTables, migration } from '@openprm/postgres';

/** Cases and comments, configuration with the defaults of the product, and copies of what other services own. */
export const init = migration(
  'init1760000000001',
  `
${createDecisionTables}
${createMessagingTables}
${createAccessTables}

create sequence case_numbers;

create table cases (
  id uuid not null,
  version integer not null,
  number text not null,
  partner_id uuid not null,
  state text not null,
  on_behalf_of text not null,
  customer_id uuid,
  opened_by_customer boolean not null,
  channel text not null,
  selling_model text,
  deal_id uuid,
  order_id uuid,
  follows_case_id uuid,
  subject text not null,
  description text not null,
  contact_name text not null,
  contact_email text not null,
  category text not null,
  product_family text not null,
  language text not null,
  priority text not null,
  support_level text not null,
  queue_owner text not null,
  partner_sees boolean not null,
  parent_sees boolean not null,
  partner_may_refer boolean not null,
  parent_group text not null,
  calendar text not null,
  holder_side text not null,
  holder_group text,
  holder_person_id uuid,
  holder_person_name text not null,
  hand_over jsonb,
  requester_side text not null,
  opened_by uuid,
  opened_by_name text not null,
  opened_by_side text not null,
  clocks jsonb not null,
  info_requested_at timestamptz(3),
  info_due_at timestamptz(3),
  reminders integer not null,
  reopen_count integer not null,
  resolution_code text not null,
  resolution_text text not null,
  resolved_at timestamptz(3),
  closed_at timestamptz(3),
  satisfaction integer not null,
  dedicated_until timestamptz(3),
  next_check_at timestamptz(3),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint cases_pkey primary key (id),
  constraint cases_number unique (number)
);
create index cases_newest on cases (created_at desc, id desc);
create index cases_partner on cases (partner_id, created_at desc, id desc);
create index cases_touched on cases (partner_id, updated_at desc);
create index cases_customer on cases (customer_id, created_at desc, id desc);
create index cases_holder on cases (holder_person_id, created_at desc, id desc) where holder_person_id is not null;
create index cases_due on cases (next_check_at) where next_check_at is not null;

create table case_comments (
  id uuid not null,
  version integer not null,
  case_id uuid not null,
  stream text not null,
  text text not null,
  side text not null,
  author_id uuid,
  author_name text not null,
  created_at timestamptz(3) not null,
  constraint case_comments_pkey primary key (id),
  constraint case_comments_case foreign key (case_id) references cases (id) deferrable initially deferred
);
create index case_comments_oldest on case_comments (case_id, created_at, id);

create table calendars (
  code text not null constraint calendars_pkey primary key,
  time_zone text not null,
  working_days integer[] not null,
  opens text not null,
  closes text not null,
  holidays text[] not null default '{}'
);
insert into calendars (code, time_zone, working_days, opens, closes) values
  ('STANDARD', 'UTC', '{1,2,3,4,5}', '09:00', '17:00'),
  ('EUROPE', 'Europe/Berlin', '{1,2,3,4,5}', '09:00', '17:00'),
  ('AMERICAS', 'America/New_York', '{1,2,3,4,5}', '09:00', '17:00'),
  ('ASIA', 'Asia/Singapore', '{1,2,3,4,5}', '09:00', '17:00'),
  ('ALWAYS', 'UTC', '{}', '00:00', '24:00');

create table service_level_targets (
  support_level text not null,
  priority text not null,
  clock text not null,
  minutes integer not null,
  calendar text,
  constraint service_level_targets_pkey primary key (support_level, priority, clock)
);
insert into service_level_targets
select level, priority, 'FIRST_RESPONSE', minutes, case when level = 'dedicated' and priority = 'P1' then 'ALWAYS' end
from (values ('email', 'P1', 480), ('email', 'P2', 960), ('email', 'P3', 1440), ('email', 'P4', 2400),
  ('priority', 'P1', 120), ('priority', 'P2', 240), ('priority', 'P3', 480), ('priority', 'P4', 960),
  ('dedicated', 'P1', 30), ('dedicated', 'P2', 120), ('dedicated', 'P3', 240), ('dedicated', 'P4', 480)) as t (level, priority, minutes);
insert into service_level_targets
select level, priority, 'RESOLUTION', minutes * share, null
from (values ('P1', 1440), ('P2', 2880), ('P3', 4800), ('P4', 7200)) as t (priority, minutes)
cross join (values ('email', 1.0), ('priority', 0.75), ('dedicated', 0.5)) as s (level, share);

create table queue_policies (
  kind text not null,
  code text not null,
  queue_owner text not null,
  hides_customer_cases boolean not null,
  partner_may_refer boolean not null,
  constraint queue_policies_pkey primary key (kind, code)
);
insert into queue_policies values
  ('SELLING_MODEL', 'REFERRAL', 'PARENT', false, false),
  ('SELLING_MODEL', 'REG_PARENT_RETAINS', 'PARENT', true, false),
  ('SELLING_MODEL', 'REG_PARTNER_RETAINS', 'PARTNER', false, true),
  ('SELLING_MODEL', 'DUAL', 'SHARED', false, true),
  ('SELLING_MODEL', 'WHITE_LABEL', 'PARTNER', false, true),
  ('SERVICE_MODEL', 'PARENT', 'PARENT', false, false),
  ('SERVICE_MODEL', 'BOTH', 'SHARED', false, true),
  ('SERVICE_MODEL', 'PARTNER', 'PARTNER', false, true);

create table categories (
  code text not null constraint categories_pkey primary key,
  label text not null,
  queue_owner text not null
);
insert into categories values
  ('GENERAL', 'General question', 'PARENT'),
  ('TECHNICAL', 'Technical problem', 'SHARED'),
  ('LICENSING', 'Licensing', 'PARENT'),
  ('PRODUCT_CONFIGURATION', 'Product configuration', 'SHARED'),
  ('BILLING', 'Billing', 'PARENT'),
  ('DELIVERY', 'Order and delivery', 'PARENT'),
  ('SALES', 'Sales question', 'PARTNER'),
  ('COMPLAINT', 'Complaint', 'SHARED');

create table case_groups (
  id uuid not null constraint case_groups_pkey primary key,
  version integer not null,
  code text not null constraint case_groups_code unique,
  label text not null,
  calendar text not null constraint case_groups_calendar references calendars (code),
  lead_person_id uuid,
  is_duty boolean not null,
  members jsonb not null
);
create unique index case_groups_duty on case_groups (is_duty) where is_duty;
insert into case_groups values ('01900000-0000-7000-8000-000000000001', 1, 'SUPPORT', 'Support desk', 'STANDARD', null, true, '[]');

create table routing_tables (
  id uuid not null constraint routing_tables_pkey primary key,
  version integer not null,
  rules jsonb not null
);
insert into routing_tables values ('01900000-0000-7000-8000-000000000002', 1, '[]');

-- Copies of what other services own, fed by their events.
create table customers (
  id uuid not null constraint customers_pkey primary key,
  name text not null,
  partner_id uuid,
  relation_owner text not null,
  version integer not null
);
create table deals (
  id uuid not null constraint deals_pkey primary key,
  partner_id uuid not null,
  customer_id uuid,
  selling_model text,
  version integer not null
);
create index deals_customer on deals (customer_id, partner_id);
create table partnerships (
  partner_id uuid not null constraint partnerships_pkey primary key,
  support_level text not null,
  tier text not null,
  version bigint not null
);
`,
);
