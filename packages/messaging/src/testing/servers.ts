import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { openDatabase, type Database } from '@openprm/postgres';
import { createMessagingTables } from '../schema';

const createEffects = `
create table effects (place bigserial primary key, subject text not null, note text);
create table copies (id text primary key, name text not null);`;

/** Databases of one test file in the run's PostgreSQL; gone when the file is through. */
export function testDatabases() {
  const server = process.env['TEST_POSTGRES_URL'];
  if (!server) throw new Error('TEST_POSTGRES_URL names no PostgreSQL: run the tests with the jest configuration of the project.');
  const made: string[] = [];
  const opened: Database[] = [];

  /** An empty database; its address. */
  async function newDatabase(): Promise<string> {
    const name = `messaging_${randomUUID().replaceAll('-', '')}`;
    await onServer(server!, `create database ${name}`);
    made.push(name);
    return Object.assign(new URL(server!), { pathname: `/${name}` }).toString();
  }

  /** One more pool on a database, as another copy of a service has it. */
  async function open(url: string): Promise<Database> {
    const database = await openDatabase({ url, name: 'messaging test' });
    opened.push(database);
    return database;
  }

  /** A database as a service has it, with tables for effects. */
  async function newServiceDatabase(): Promise<Database> {
    const database = await open(await newDatabase());
    await database.query(createMessagingTables + createEffects);
    return database;
  }

  async function close(): Promise<void> {
    await Promise.all(opened.map((each) => each.destroy()));
    for (const name of made) await onServer(server!, `drop database ${name} with (force)`);
  }

  return { newDatabase, open, newServiceDatabase, close };
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
