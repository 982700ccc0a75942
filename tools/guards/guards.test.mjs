import { fileURLToPath } from 'node:url';
import { guards } from './guards.mjs';
import { makeCopy, takeOut } from './take-out.mjs';

let copy;
beforeAll(() => {
  copy = makeCopy(fileURLToPath(new URL('../..', import.meta.url)));
});
afterAll(() => copy.remove());

test.each(guards.map((guard) => [guard.promise, guard.guard, guard]))(
  '%s: without "%s" its test fails',
  (_promise, _guard, guard) => {
    expect(takeOut(copy.path, guard)).toBeNull();
  },
  120_000,
);
