// What `npm start` runs: builds, starts everything, prints where it is, and stays until it is told to stop.
import { build } from './build.mjs';
import { startPlatform } from './platform.mjs';
import { Refusal } from './refusal.mjs';
import { loadSample } from './sample.mjs';
import { services } from './services.mjs';
import { helpText, readSettings, unknownSettings } from './settings.mjs';
import { readyTable } from './table.mjs';
import { startTether } from './tethered.mjs';

const began = Date.now();
const say = (line) => console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}`);

const stopping = new AbortController();
let platform;
let askedAt = 0;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => onSignal(signal));
// A reader that goes away (npm start | head) must not end the platform without order.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
watchParent();
await main(process.argv.slice(2)).catch(fail);

async function main(args) {
  if (args.includes('--help') || args.includes('-h')) return console.log(helpText());
  if (args.length > 0)
    throw new Refusal(`npm start takes settings from the environment, not "${args.join(' ')}": npm start -- --help lists them.`);
  const settings = readSettings();
  for (const name of unknownSettings()) say(`${name} is not a setting and is ignored: npm start -- --help lists all.`);
  say('Starting OpenPRM …');
  platform = await start(settings);
  await offerSample(settings);
  if (!stopping.signal.aborted) console.log(readyTable(platform, settings));
}

async function start(settings) {
  const wanted = settings.oidcIssuer ? services.filter(({ name }) => name !== 'identity').map(withoutIdentity) : services;
  const tether = startTether();
  const giveUp = new AbortController();
  const built = build(wanted, { tether, signal: AbortSignal.any([stopping.signal, giveUp.signal]) }).then(() =>
    say('The build is current.'),
  );
  built.catch(() => {});
  try {
    return await startPlatform({ ...settings, services: wanted, say, signal: stopping.signal, built });
  } finally {
    giveUp.abort(new Refusal('The start failed.'));
    tether.release();
  }
}

function withoutIdentity(service) {
  return { ...service, after: service.after?.filter((name) => name !== 'identity') };
}

/** Only a data folder that is new gets a sample; one whose loading was cut short gets the rest of it. */
async function offerSample({ sample, adminEmail }) {
  const { state, saveState } = platform.folder;
  state.sample ??= sample === 'none' ? 'none' : 'pending';
  if (!platform.identity) state.sample = 'none';
  saveState();
  if (state.sample !== 'pending') return;
  try {
    await loadSample(platform, { say, signal: stopping.signal, adminEmail });
    state.sample = 'loaded';
    saveState();
  } catch (error) {
    if (!stopping.signal.aborted) say(`The sample is not complete: ${error.message} The next start goes on with it.`);
  }
}

async function onSignal(signal) {
  const since = Date.now() - askedAt;
  if (askedAt) {
    // Ctrl-C once more, a while later: the tether ends what is still there.
    if (signal === 'SIGINT' && since > 1000) process.exit(1);
    return;
  }
  askedAt = Date.now();
  say(`${signal}: stopping …`);
  stopping.abort(new Refusal('Stopped before it was ready.'));
  await platform?.stop();
  if (platform) say('Stopped.');
  process.exit(platform ? 0 : 1);
}

/** tools/run.mjs is our parent; when it is killed outright nobody passes signals on any more. */
function watchParent() {
  if (!process.env.OPENPRM_RUN) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && askedAt === 0 && onSignal('The starting program is gone'), 500).unref();
}

function fail(error) {
  console.error(error instanceof Refusal ? error.message : error.stack);
  process.exit(1);
}
