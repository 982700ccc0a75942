import { pause } from '../pause';

/** Repeats the check until it holds; after `ms` the last failure is the test's. */
export async function eventually(check: () => void | Promise<void>, ms = 10_000): Promise<void> {
  const end = Date.now() + ms;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await pause(20);
    }
  }
}
