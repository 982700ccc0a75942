import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPlatform } from '../../up/platform.mjs';
import { loadSample } from '../../up/sample.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));

let platform;
beforeAll(async () => {
  platform = await startPlatform({ durable: false, broker: 'embedded' });
  await loadSample(platform);
}, 180_000);
afterAll(() => platform?.stop(), 60_000);

test('the walk with curl in the README runs as written', () => {
  const walk = /```sh walk\n([\s\S]*?)```/.exec(readFileSync(`${root}README.md`, 'utf8'))[1];
  const script = walk.replaceAll('http://127.0.0.1:8080', platform.gateway);
  const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PRM_DATA: dirname(platform.runtimeFile) },
  });
  expect(stderr).toBe('');
  expect(stdout).toContain('DEAL_STATE_SUBMITTED');
  expect(stdout).toContain('PROTECTION_STATE_ACTIVE');
  expect(stdout).toContain('create → submit → take → approve');
  expect(status).toBe(0);
}, 120_000);
