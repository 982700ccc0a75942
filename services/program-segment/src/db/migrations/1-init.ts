import { createAccessTables } from '@openprm/access';
import { createMessagingTables } from '@openprm/messaging';
import { createDecisionTables, migration } from '@openprm/postgres';

export const init = migration(
  'init1760000000001',
  `
${createDecisionTables}
${createMessagingTables}
${createAccessTables}

create table program_kinds (
  code text not null,
  label text not null,
  constraint program_kinds_pkey primary key (code)
);
insert into program_kinds values
  ('RESELLER', 'Reseller'),
  ('REFERRAL', 'Referral'),
  ('BUILD', 'Build'),
  ('SERVICE_PROVIDER', 'Service Provider'),
  ('AUTHORIZED_TRAINING', 'Authorized Training');

create table segments (
  id uuid not null,
  version integer not null,
  code text not null,
  kind text not null,
  label text not null,
  description text not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint segments_pkey primary key (id),
  constraint segments_code unique (code)
);
create index segments_newest on segments (created_at desc, id desc);
insert into segments values
  ('01900000-0000-7000-8000-000000000001', 1, 'BRONZE', 'TIER', 'Bronze', '', '2025-01-01', '2025-01-01'),
  ('01900000-0000-7000-8000-000000000002', 1, 'SILVER', 'TIER', 'Silver', '', '2025-01-01', '2025-01-01'),
  ('01900000-0000-7000-8000-000000000003', 1, 'GOLD', 'TIER', 'Gold', '', '2025-01-01', '2025-01-01'),
  ('01900000-0000-7000-8000-000000000004', 1, 'PLATINUM', 'TIER', 'Platinum', '', '2025-01-01', '2025-01-01');

-- What a program gets when its author leaves tiers, entitlements or limits out. Change the rows and new programs follow.
create table default_tiers (
  code text not null,
  rank integer not null,
  -- Largest order taken without review, in whole units of the program's base currency.
  order_limit bigint not null,
  constraint default_tiers_pkey primary key (code)
);
insert into default_tiers values
  ('BRONZE', 1, 10000),
  ('SILVER', 2, 25000),
  ('GOLD', 3, 100000),
  ('PLATINUM', 4, 250000);

create table default_entitlements (
  source text not null,
  code text not null,
  key text not null,
  value text not null,
  constraint default_entitlements_pkey primary key (source, code, key)
);
insert into default_entitlements
  select 'TIER', tier, key, value from (values
    ('catalog.scope', 'standard', 'standard', 'extended', 'full'),
    ('price.rule', 'list', 'list', 'volume', 'custom'),
    ('support.level', 'email', 'email', 'priority', 'dedicated'),
    ('content.level', 'standard', 'standard', 'extended', 'full'),
    ('mdf.enabled', 'false', 'false', 'true', 'true'),
    ('comarketing.enabled', 'false', 'false', 'false', 'true'),
    ('deal.protectionDays', '60', '75', '90', '120'),
    ('deal.maxOpenUnproven', '10', '20', '40', '80'),
    ('quote.maxDiscountPct', '0', '5', '10', '15'),
    ('seats.max', '25', '50', '200', '1000')
  ) as sets (key, bronze, silver, gold, platinum)
  cross join lateral (values ('BRONZE', bronze), ('SILVER', silver), ('GOLD', gold), ('PLATINUM', platinum)) as tiers (tier, value);
-- A member without a tier has what Bronze has.
insert into default_entitlements select 'PROGRAM', '', key, value from default_entitlements where code = 'BRONZE';

-- One row per version. Its terms are one document, because a published version never changes.
create table programs (
  id uuid not null,
  version integer not null,
  program_id uuid not null,
  number integer not null,
  state text not null,
  name text not null,
  kind text not null,
  open_for_application boolean not null,
  terms jsonb not null,
  migrates_enrolments boolean not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  published_at timestamptz(3),
  retired_at timestamptz(3),
  constraint programs_pkey primary key (id),
  constraint programs_number unique (program_id, number),
  constraint programs_state check (state in ('DRAFT', 'PUBLISHED', 'RETIRED'))
);
create unique index programs_one_draft on programs (program_id) where state = 'DRAFT';
create unique index programs_one_published on programs (program_id) where state = 'PUBLISHED';
create index programs_newest on programs (created_at desc, id desc);
create index programs_offered on programs (created_at desc, id desc) where state = 'PUBLISHED';
create index programs_migrating on programs (program_id, number) where state = 'PUBLISHED' and migrates_enrolments;

create function programs_stay_as_published() returns trigger language plpgsql as $$
begin
  if old.state <> 'DRAFT' and (new.terms is distinct from old.terms or new.number <> old.number or new.program_id <> old.program_id) then
    raise exception 'a published version of a program never changes';
  end if;
  return new;
end $$;
create trigger programs_stay_as_published before update on programs for each row execute function programs_stay_as_published();

create table enrolments (
  id uuid not null,
  version integer not null,
  partner_id uuid not null,
  program_id uuid not null,
  program_number integer not null,
  state text not null,
  tier text not null,
  segments text[] not null,
  overrides jsonb not null,
  sponsor_partner_id uuid,
  application_text text not null,
  applied_by uuid,
  state_reason text not null,
  accepted_terms_version text not null,
  terms_accepted_at timestamptz(3),
  terms_due_at timestamptz(3),
  invitation_expires_at timestamptz(3),
  term_starts_at timestamptz(3),
  term_ends_at timestamptz(3),
  exit_at timestamptz(3),
  criteria_waived boolean not null,
  external_id text,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint enrolments_pkey primary key (id),
  constraint enrolments_external_id unique (external_id),
  constraint enrolments_program foreign key (program_id, program_number) references programs (program_id, number),
  constraint enrolments_state check (state in ('INVITED', 'APPLIED', 'ACTIVE', 'SUSPENDED', 'TERMINATED', 'DECLINED', 'REJECTED', 'EXPIRED'))
);
create unique index enrolments_once on enrolments (partner_id, program_id) where state in ('INVITED', 'APPLIED', 'ACTIVE', 'SUSPENDED');
create index enrolments_newest on enrolments (created_at desc, id desc);
create index enrolments_partner on enrolments (partner_id, created_at desc, id desc);
create index enrolments_program on enrolments (program_id, created_at desc, id desc);
create index enrolments_version on enrolments (program_id, program_number) where state in ('INVITED', 'APPLIED', 'ACTIVE', 'SUSPENDED');
create index enrolments_exit on enrolments (exit_at) where state in ('ACTIVE', 'SUSPENDED') and exit_at is not null;
create index enrolments_terms_due on enrolments (terms_due_at) where state = 'ACTIVE' and terms_due_at is not null;
create index enrolments_invitation on enrolments (invitation_expires_at) where state = 'INVITED';

-- One row per partner that ever enrolled. Every change of an enrolment moves its version, so that changes of one partner happen one after
-- the other and their events carry a growing number.
create table partnerships (
  id uuid not null,
  version integer not null,
  -- As last told to others; when the partner's record differs, they are told again.
  partner_name text not null,
  partner_state text not null,
  updated_at timestamptz(3) not null,
  constraint partnerships_pkey primary key (id)
);
`,
);
