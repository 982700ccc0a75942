// `npm run e2e`: plays the life of one deal against the platform that is running, with the people of its sandbox.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requestToken } from '../token/request-token.mjs';
import { shownAfter, steps } from './life.mjs';
import { makeWorld } from './world.mjs';

if (process.argv.includes('--help')) {
  console.log(
    'npm run e2e [-- --kill]\n  Plays the life of one deal by its personas over REST against the running platform (PRM_DATA, default .data).\n  --kill  also ends the service that a step leans on, in the middle of the step; npm start brings it back.',
  );
  process.exit(0);
}

const runtimeFile = join(process.env.PRM_DATA ?? '.data', 'runtime.json');
const runtime = () => JSON.parse(readFileSync(runtimeFile, 'utf8'));
const platform = { gateway: runtime().gateway, token: (email) => requestToken(runtime(), email) };
const world = await makeWorld(platform);
for (const step of steps) {
  const started = Date.now();
  if (process.argv.includes('--kill')) setTimeout(() => process.kill(runtime().processes[step.service], 'SIGKILL'), 15);
  await step.play(world);
  const shown = await shownAfter(step, world);
  console.log(`✓ ${step.name} (${Date.now() - started} ms${shown === undefined ? '' : `, in Partner 360 after ${shown} ms`})`);
}
