import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);

/** Databases that can hold dead letters, with the name of their service. */
export async function openDatabases(service) {
  const addresses = addressesOf(service);
  const { openDatabase } = require('../../packages/postgres/dist/index.js');
  return Promise.all(
    Object.entries(addresses).map(async ([name, url]) => {
      const database = await openDatabase({ url, name: 'dead-letters', poolSize: 2 }).catch((error) => {
        throw new Error(`The database of ${name} cannot be reached: ${error.message || error.code}. Is the platform running?`, {
          cause: error,
        });
      });
      return { service: name, database };
    }),
  ).then(keepThoseWithLetters);
}

function addressesOf(service) {
  if (process.env.DATABASE_URL) return { [service ?? 'service']: process.env.DATABASE_URL };
  const { databases } = readRuntime();
  if (!service) return databases;
  if (!databases[service]) throw new Error(`There is no service ${service}: choose one of ${Object.keys(databases).join(', ')}.`);
  return { [service]: databases[service] };
}

function readRuntime() {
  const file = join(resolve(root, process.env.PRM_DATA || '.data'), 'runtime.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'EACCES')
      throw new Error(`${file} belongs to another user: ask as the user who started the platform.`, { cause: error });
    throw new Error(
      `No platform is running in that data folder (${file} cannot be read): start it with npm start, name its folder with PRM_DATA, or set DATABASE_URL.`,
      { cause: error },
    );
  }
}

// Not every process with a database listens to events, and a fresh one may not be migrated yet.
async function keepThoseWithLetters(databases) {
  const kept = [];
  for (const each of databases) {
    const [{ exists }] = await each.database.query(
      `select to_regclass('dead_letters') is not null and to_regclass('consumer_state') is not null as exists`,
    );
    if (exists) kept.push(each);
    else await each.database.destroy();
  }
  return kept;
}
