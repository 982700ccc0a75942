import { createMessagingTables } from '@openprm/messaging';
import { migration } from '@openprm/postgres';

/** Signing keys, the provider's own records, programs, and the copy of memberships that says who may sign in. */
export const init1700000000001 = migration(
  'init1700000000001',
  `
${createMessagingTables}
create table signing_keys (
  kid text primary key,
  jwk jsonb not null,
  first boolean not null default false,
  signs_from timestamptz not null,
  retires_at timestamptz
);
-- Of several processes that start on an empty database, one makes the first key.
create unique index signing_keys_first on signing_keys (first) where first;

create table secrets (name text primary key, value text not null);

create table oidc_models (
  kind text not null,
  id text not null,
  payload jsonb not null,
  uid text,
  user_code text,
  grant_id text,
  expires_at timestamptz,
  consumed_at timestamptz,
  primary key (kind, id)
);
create index oidc_models_uid on oidc_models (kind, uid) where uid is not null;
create index oidc_models_user_code on oidc_models (kind, user_code) where user_code is not null;
create index oidc_models_grant on oidc_models (grant_id) where grant_id is not null;
create index oidc_models_expiry on oidc_models (expires_at);

create table clients (
  client_id text primary key,
  name text not null,
  secret_hash text not null,
  active boolean not null default true,
  created_at timestamptz not null default now()
);

create table memberships (
  id uuid primary key,
  person_id uuid not null,
  email text not null,
  name text not null,
  state text not null,
  version bigint not null
);
create index memberships_email on memberships (email);
create index memberships_person on memberships (person_id);
`,
);
