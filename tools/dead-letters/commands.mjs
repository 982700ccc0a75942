import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';

const require = createRequire(import.meta.url);
const messaging = () => require('../../packages/messaging/dist/index.js');

/** One line per letter, enough to decide; `--json` has all of it. */
export async function list(databases, { ids, all = false, json = false }) {
  let count = 0;
  for (const { service, database } of databases) {
    const letters = await messaging().listDeadLetters(database, { all, ...only(ids) });
    count += letters.length;
    for (const letter of letters) console.log(json ? JSON.stringify({ service, ...letter }) : describe(service, letter));
  }
  if (!json) console.log(count === 1 ? '1 dead letter' : `${count} dead letters`);
  return 0;
}

export async function replay(databases, { ids, wait }) {
  const asked = await Promise.all(
    databases.map(async (each) => ({ ...each, ids: await messaging().replayDeadLetters(each.database, only(ids)) })),
  );
  const letters = await outcomes(
    asked.filter((each) => each.ids.length > 0),
    wait,
  );
  for (const { service, letter } of letters) console.log(describe(service, letter));
  const count = (state) => letters.filter(({ letter }) => stateOf(letter) === state).length;
  console.log(`${count('replayed')} replayed, ${count('open')} refused again, ${count('waiting')} still waiting for their service`);
  return count('replayed') === letters.length ? 0 : 2;
}

export async function rebuild(databases, { service }) {
  if (!service) throw new Error('Name the service whose copies are to be rebuilt: --service NAME.');
  for (const { database } of databases) {
    const consumers = await database.query('select consumer from consumer_state order by consumer');
    for (const { consumer } of consumers) await messaging().resetConsumer(database, consumer);
    const names = consumers.map((each) => each.consumer).join(', ');
    console.log(
      names
        ? `${names}: will read all topics from the beginning, within seconds when ${service} runs, else when it starts.`
        : `${service} has no consumer that has started.`,
    );
  }
  return 0;
}

const only = (ids) => (ids.length > 0 ? { ids } : {});

/** Looks until every letter has its answer or the time is up. */
async function outcomes(asked, seconds) {
  for (const end = Date.now() + seconds * 1000; ; await delay(250)) {
    const found = [];
    for (const { service, database, ids } of asked) {
      for (const letter of await messaging().listDeadLetters(database, { ids, all: true })) found.push({ service, letter });
    }
    if (Date.now() >= end || found.every(({ letter }) => stateOf(letter) !== 'waiting')) return found;
  }
}

function stateOf(letter) {
  if (letter.replayed_at) return 'replayed';
  return letter.replay_requested_at ? 'waiting' : 'open';
}

function describe(service, letter) {
  const type = letter.headers.ce_type ?? 'unknown type';
  return `${letter.id}  ${letter.failed_at.toISOString()}  ${stateOf(letter).padEnd(8)}  ${service}  ${type}  ${letter.key ?? ''}  ${letter.reason}: ${letter.error}`;
}
