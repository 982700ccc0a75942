/** Tables that every service has for its events, for its first migration. */
export const createMessagingTables = `
create table outbox (
  id bigserial constraint outbox_pkey primary key,
  event_id uuid not null,
  topic text not null,
  key text not null,
  type text not null,
  subject text not null,
  occurred_at timestamptz not null,
  traceparent text,
  audience uuid[] not null default '{}',
  value text not null,
  published_at timestamptz
);
create index outbox_unpublished on outbox (id) where published_at is null;

create table inbox (
  consumer text not null,
  event_id uuid not null,
  processed_at timestamptz not null default now(),
  constraint inbox_pkey primary key (consumer, event_id)
);

create table consumer_state (
  consumer text constraint consumer_state_pkey primary key,
  started_at timestamptz not null default now()
);

create table dead_letters (
  id uuid constraint dead_letters_pkey primary key,
  consumer text not null,
  topic text not null,
  partition integer not null,
  event_id uuid not null,
  headers jsonb not null,
  key text,
  value text,
  reason text not null,
  error text not null,
  failed_at timestamptz not null default now(),
  replay_requested_at timestamptz,
  replayed_at timestamptz
);
create index dead_letters_open on dead_letters (consumer, id) where replayed_at is null;
`;
