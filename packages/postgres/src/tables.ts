/** Tables that every service has for its decisions: the audit log and the answers kept for repeated requests. */
export const createDecisionTables = `
create table audit_log (
  aggregate_id uuid not null,
  version integer not null,
  aggregate text not null,
  at timestamptz not null,
  entry jsonb not null,
  previous_hash text,
  hash text not null,
  constraint audit_log_pkey primary key (aggregate_id, version)
);
create index audit_log_at on audit_log (at);
create function audit_log_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'audit_log is append-only';
end $$;
create trigger audit_log_append_only before update or delete or truncate on audit_log
  for each statement execute function audit_log_is_append_only();

create table idempotency (
  principal text not null,
  key text not null,
  method text not null,
  fingerprint text not null,
  answer bytea not null,
  created_at timestamptz not null default now(),
  constraint idempotency_pkey primary key (principal, key)
);
create index idempotency_created on idempotency (created_at);
`;
