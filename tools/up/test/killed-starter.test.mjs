import { jest } from '@jest/globals';
import { until } from '../ready.mjs';
import { aliveOf, givenFolder, givenProgram, readLock } from './given.mjs';
import { isSameProcess } from '../process-identity.mjs';

jest.setTimeout(90_000);

const starter = 'tools/up/test/start-stubs.mjs';
const ready = ({ output, child }) => until(() => output.text.includes('ready at'), { ended: () => child.exitCode !== null });

test('when the starter is killed outright, every process ends, and the next start needs no help', async () => {
  const folder = givenFolder();
  const first = givenProgram(starter, [folder.path]);
  await ready(first);
  const lock = readLock(folder.path);
  expect(aliveOf(lock).length).toBeGreaterThanOrEqual(4);
  first.child.kill('SIGKILL');
  await until(() => aliveOf(lock).length === 0, { seconds: 12 });

  const second = givenProgram(starter, [folder.path]);
  await ready(second);
  second.child.kill('SIGTERM');
  expect((await second.ended).code).toBe(0);
  folder.remove();
});

test('when the starter and its watcher are killed, the next start ends what was left over', async () => {
  const folder = givenFolder();
  const first = givenProgram(starter, [folder.path]);
  await ready(first);
  const lock = readLock(folder.path);
  for (const pid of [first.child.pid, ...(await watchersOf(first.child.pid))]) process.kill(pid, 'SIGKILL');
  await first.ended;
  expect(aliveOf(lock).length).toBeGreaterThan(0);

  const second = givenProgram(starter, [folder.path]);
  await ready(second);
  expect(second.output.text).toContain('Ending what an earlier start left over');
  expect(lock.processes.some(isSameProcess)).toBe(false);
  second.child.kill('SIGTERM');
  await second.ended;
  folder.remove();
});

test('SIGTERM in the middle of a start leaves nothing running', async () => {
  const folder = givenFolder();
  const { child, output, ended } = givenProgram(starter, [folder.path]);
  await until(() => output.text.includes('PostgreSQL is ready'), {});
  const lock = readLock(folder.path);
  child.kill('SIGTERM');
  await ended;
  expect(aliveOf(lock)).toEqual([]);
  folder.remove();
});

async function watchersOf(pid) {
  const { readFileSync } = await import('node:fs');
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  return children.filter((one) => readFileSync(`/proc/${one}/cmdline`, 'utf8').includes('tether.mjs'));
}
