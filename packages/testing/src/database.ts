import { createHash } from 'node:crypto';
import { Client } from 'pg';
import { migrate, openDatabase } from '@openprm/postgres';

type Migrations = Parameters<typeof openDatabase>[0]['migrations'] & object;

/** A database of its own, cloned from a template that is migrated once per run. */
export async function givenDatabase(name: string, migrations: Migrations): Promise<{ url: string; drop(): Promise<void> }> {
  const template = `template_${name.replaceAll('-', '_')}_${fingerprint(migrations)}`;
  const database = `test_${name.replaceAll('-', '_')}_${process.pid}_${Math.random().toString(36).slice(2, 8)}`;
  await withServer(async (server) => {
    // Test files run at the same time: whoever comes first makes the template.
    await server.query(`select pg_advisory_lock(hashtext('${template}'))`);
    const { rowCount } = await server.query('select 1 from pg_database where datname = $1', [template]);
    if (rowCount === 0) await makeTemplate(server, template, migrations);
    await server.query(`create database ${database} template ${template}`);
    await server.query(`select pg_advisory_unlock(hashtext('${template}'))`);
  });
  return {
    url: urlOf(database),
    drop: () => withServer(async (server) => void (await server.query(`drop database if exists ${database} with (force)`))),
  };
}

async function makeTemplate(server: Client, template: string, migrations: Migrations): Promise<void> {
  await server.query(`create database ${template}`);
  const database = await openDatabase({ url: urlOf(template), name: 'template', migrations, poolSize: 2 });
  await migrate(database);
  await database.destroy();
}

async function withServer(work: (server: Client) => Promise<void>): Promise<void> {
  const server = new Client({ connectionString: serverUrl() });
  await server.connect();
  try {
    await work(server);
  } finally {
    await server.end();
  }
}

function serverUrl(): string {
  const url = process.env['TEST_POSTGRES_URL'];
  if (!url) throw new Error('TEST_POSTGRES_URL is not set: run jest from the root, its global setup starts a server.');
  return url;
}

function urlOf(database: string): string {
  const url = new URL(serverUrl());
  url.pathname = `/${database}`;
  return url.toString();
}

const fingerprint = (migrations: Migrations): string =>
  createHash('sha1')
    .update(JSON.stringify(migrations.map((each) => new each())))
    .digest('hex')
    .slice(0, 8);
