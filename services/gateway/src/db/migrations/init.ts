import { createAccessTables } from '@openprm/access';
import { createMessagingTables } from '@openprm/messaging';
import { migration } from '@openprm/postgres';

/**
 * A session is found by the hash of its id, and its tokens are sealed with a key made from that id: who reads the table can neither
 * take over a session nor use a token.
 */
export const init = migration(
  'init1700000000001',
  `
${createAccessTables}
${createMessagingTables}
create table sessions (
  id_hash text not null,
  tokens bytea not null,
  name text not null,
  principal text not null,
  access_expires_at timestamptz not null,
  expires_at timestamptz not null,
  refreshing_until timestamptz,
  created_at timestamptz not null default now(),
  constraint sessions_pkey primary key (id_hash)
);
create index sessions_expires on sessions (expires_at);
`,
);
