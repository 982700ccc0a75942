import { run, runOne, type Database, type Tx } from '@openprm/postgres';
import { OPEN_STATES, type Membership } from '../domain/membership';

/** A person who is known from at least one open membership. */
export interface Account {
  personId: string;
  email: string;
  name: string;
}

interface AccountRow {
  person_id: string;
  email: string;
  name: string;
}

const toAccount = (row: AccountRow | null): Account | undefined =>
  row ? { personId: row.person_id, email: row.email, name: row.name } : undefined;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Only people with an open membership are found: everybody else can no longer sign in or refresh. The newest one gives the name. */
export const findAccountByEmail = (on: Database | Tx, email: string): Promise<Account | undefined> => findBy(on, 'email', email);

export const findAccount = async (on: Database | Tx, personId: string): Promise<Account | undefined> =>
  UUID.test(personId) ? findBy(on, 'person_id', personId) : undefined;

async function findBy(on: Database | Tx, column: 'email' | 'person_id', value: string): Promise<Account | undefined> {
  const sql = `select person_id, email, name from memberships where ${column} = $1 and state = any ($2) order by id desc limit 1`;
  return toAccount(await runOne<AccountRow>(on, sql, [value, OPEN_STATES]));
}

/** Keeps the newest version of a membership; an older one that arrives late changes nothing. */
export async function keepMembership(on: Database | Tx, membership: Membership): Promise<void> {
  await run(
    on,
    `insert into memberships (id, person_id, email, name, state, version) values ($1, $2, $3, $4, $5, $6)
     on conflict (id) do update set person_id = excluded.person_id, email = excluded.email, name = excluded.name,
       state = excluded.state, version = excluded.version where memberships.version < excluded.version`,
    [membership.id, membership.personId, membership.email, membership.name, membership.state, membership.version],
  );
}
