// Dead letters: events that a service has refused. Lists them and has them tried again.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openDatabases } from './databases.mjs';
import { list, rebuild, replay } from './commands.mjs';

const usage = `Usage: npm run dead-letters -- COMMAND [options]

  list      what was refused and is still open, oldest first
  replay    have it tried again by its service, and say what came of it
  rebuild   have a service read its topics from the beginning, e.g. after its copies were emptied

  --service NAME   only that service, e.g. quoting (rebuild needs it)
  --id ID          only that letter; can be repeated
  --all            list: also what was replayed
  --json           list: one letter per line, whole
  --wait SECONDS   replay: how long to wait for the outcome (default 30)

Databases are those of the running platform (PRM_DATA names its data folder, default .data); DATABASE_URL names one instead.
Exit code: 0 done, 1 bad usage or nothing to reach, 2 something was refused again or is still waiting.`;

const commands = { list, replay, rebuild };

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);

async function main(args) {
  const options = parse(args);
  if (options.help) {
    console.log(usage);
    return 0;
  }
  const built = fileURLToPath(new URL('../../packages/messaging/dist/index.js', import.meta.url));
  if (!existsSync(built)) throw new Error('The project is not built yet: run npm run build, or npm start.');
  const databases = await openDatabases(options.service);
  try {
    return await commands[options.command](databases, options);
  } finally {
    await Promise.all(databases.map(({ database }) => database.destroy()));
  }
}

function parse(args) {
  const options = { ids: [], wait: 30 };
  const rest = [...args];
  const value = (name) => rest.shift() ?? fail(`${name} needs a value.`);
  while (rest.length > 0) {
    const arg = rest.shift();
    if (arg === '--help' || arg === '-h') options.help = true;
    else if (arg === '--service') options.service = value(arg);
    else if (arg === '--id') options.ids.push(idOf(value(arg)));
    else if (arg === '--wait') options.wait = secondsOf(value(arg));
    else if (arg === '--all') options.all = true;
    else if (arg === '--json') options.json = true;
    else if (!options.command && arg in commands) options.command = arg;
    else fail(`What is ${arg}?`);
  }
  if (!options.command && !options.help) fail('Say list, replay or rebuild.');
  return options;
}

function idOf(text) {
  return /^[0-9a-f-]{36}$/i.test(text) ? text : fail(`${text} is not the id of a letter: list shows them.`);
}

function secondsOf(text) {
  return Number(text) >= 0 ? Number(text) : fail(`--wait ${text}: give seconds.`);
}

function fail(message) {
  throw new Error(`${message} Try npm run dead-letters -- --help`);
}
