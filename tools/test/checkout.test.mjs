import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTurn } from '../in-turn.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('package-lock.json names every platform, so that npm ci takes it everywhere: node tools/complete-lock.mjs was run after npm install', () => {
  const folder = mkdtempSync(join(tmpdir(), 'openprm-lock-'));
  const [original, copy] = [join(root, 'package-lock.json'), join(folder, 'package-lock.json')];
  copyFileSync(original, copy);
  const { status } = spawnSync(process.execPath, [join(root, 'tools/complete-lock.mjs')], { cwd: folder });
  expect(status).toBe(0);
  expect(JSON.parse(readFileSync(copy, 'utf8'))).toEqual(JSON.parse(readFileSync(original, 'utf8')));
  rmSync(folder, { recursive: true });
});

test('what changes the checkout is done by one at a time', async () => {
  const name = `test-${process.pid}`;
  const events = [];
  const work = (who) => async () => {
    events.push(`${who} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    events.push(`${who} ends`);
  };
  await Promise.all([inTurn(root, name, work('first')), inTurn(root, name, work('second'))]);
  expect(events).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
});
