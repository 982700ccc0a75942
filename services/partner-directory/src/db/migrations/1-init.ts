import { createAncestry } from '@openprm/access';
import { createMessagingTables } from '@openprm/messaging';
import { createDecisionTables, migration } from '@openprm/postgres';

export const init = migration(
  'init1760000000001',
  `
${createDecisionTables}
${createMessagingTables}
${createAncestry}

create table partner_types (
  code text not null,
  label text not null,
  constraint partner_types_pkey primary key (code)
);
insert into partner_types values
  ('RESELLER', 'Reseller or distributor'),
  ('SYSTEM_INTEGRATOR', 'System integrator'),
  ('SERVICE_PROVIDER', 'Service provider'),
  ('REFERRAL', 'Referral partner'),
  ('TECHNOLOGY', 'OEM or technology partner'),
  ('FRANCHISE', 'Franchise or branch');

create table partners (
  id uuid not null,
  version integer not null,
  name text not null,
  types text[] not null,
  kind text not null,
  state text not null,
  parent_id uuid,
  relationship_manager_id uuid,
  country text not null,
  city text not null,
  website text not null,
  tax_id text not null,
  capabilities jsonb not null,
  external_id text,
  state_reason text not null,
  termination_requested_by uuid,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint partners_pkey primary key (id),
  constraint partners_external_id unique (external_id),
  constraint partners_parent foreign key (parent_id) references partners (id)
);
create index partners_newest on partners (created_at desc, id desc);
create index partners_parent on partners (parent_id, created_at desc, id desc);
create index partners_relationship_manager on partners (relationship_manager_id);
create trigger partners_place after insert or update on partners for each row execute function access_place();

-- One mail address is one person, in whatever organisations.
create table persons (
  id uuid not null,
  version integer not null,
  email text not null,
  constraint persons_pkey primary key (id),
  constraint persons_email unique (email)
);

create table memberships (
  id uuid not null,
  version integer not null,
  partner_id uuid not null,
  person_id uuid not null,
  name text not null,
  email text not null,
  role text not null,
  state text not null,
  include_descendants boolean not null,
  external_id text,
  invitation_expires_at timestamptz(3),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint memberships_pkey primary key (id),
  constraint memberships_external_id unique (external_id),
  constraint memberships_partner foreign key (partner_id) references partners (id)
);
-- A person is in an organisation once; an ended membership does not stand in the way of a new one.
create unique index memberships_once on memberships (partner_id, person_id) where state <> 'DEACTIVATED';
create index memberships_newest on memberships (partner_id, created_at desc, id desc);
create index memberships_email on memberships (email);
create index memberships_person on memberships (person_id);

create table customers (
  id uuid not null,
  version integer not null,
  name text not null,
  kind text not null,
  country text not null,
  city text not null,
  industry text not null,
  website text not null,
  tax_id text not null,
  parent_customer_id uuid,
  partner_id uuid,
  relation_owner text not null,
  contact_email text not null,
  contact_phone text not null,
  external_id text,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint customers_pkey primary key (id),
  constraint customers_external_id unique (external_id),
  constraint customers_parent foreign key (parent_customer_id) references customers (id),
  constraint customers_partner foreign key (partner_id) references partners (id)
);
create index customers_newest on customers (created_at desc, id desc);
create index customers_partner on customers (partner_id, created_at desc, id desc);
create index customers_parent on customers (parent_customer_id);

-- The names under which packages/access looks for them; other services have tables of these names, fed by our events.
create view access_partners as select id, name, kind, state, parent_id, relationship_manager_id, country, website, version from partners;
create view access_memberships as select id, person_id, email, name, partner_id, role, state, include_descendants, created_at, version from memberships;
`,
);
