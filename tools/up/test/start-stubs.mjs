// A starter with stand-ins for the services: what tests kill.
import { startPlatform } from '../platform.mjs';
import { stubs } from './given.mjs';

const stopping = new AbortController();
const platform = startPlatform({
  dataDir: process.argv[2],
  broker: process.argv[3] ?? 'embedded',
  services: stubs,
  durable: false,
  say: console.log,
  signal: stopping.signal,
});
process.on('SIGTERM', () => {
  stopping.abort(new Error('stopped'));
  void platform
    .then(
      (one) => one.stop(),
      () => {},
    )
    .then(() => process.exit(0));
});
try {
  console.log(`ready at ${(await platform).gateway}`);
  setInterval(() => {}, 1000);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
