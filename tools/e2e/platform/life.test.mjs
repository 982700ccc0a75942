import { setTimeout as pause } from 'node:timers/promises';
import { startPlatform } from '../../up/platform.mjs';
import { shownAfter, steps } from '../life.mjs';
import { makeWorld } from '../world.mjs';

let platform;
beforeAll(async () => {
  platform = await startPlatform({ durable: false });
}, 180_000);
afterAll(() => platform?.stop(), 60_000);

describe.each([
  ['the life of one deal', false],
  ['the same with a service killed in the middle of each step', true],
])('%s', (_name, kill) => {
  let world;
  let broken = false;
  beforeAll(async () => {
    world = await makeWorld(platform);
  }, 120_000);

  test.each(steps.map((step) => [step.name, step]))(
    '%s',
    async (_title, step) => {
      if (broken) throw new Error('an earlier step failed');
      broken = true;
      const killing = kill ? pause(15).then(() => platform.kill(step.service)) : undefined;
      await step.play(world);
      await killing;
      const shown = await shownAfter(step, world);
      if (!kill && shown !== undefined) expect(shown).toBeLessThan(5_000);
      broken = false;
    },
    120_000,
  );
});
