import { createServer } from 'node:net';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { givenFolder, givenProgram } from './given.mjs';

const up = (args, env) => givenProgram('tools/up/up.mjs', args, env).ended;
const lastLine = (text) => text.trim().split('\n').at(-1);

test('--help lists the settings and starts nothing', async () => {
  const { code, text } = await up(['--help'], {});
  expect(code).toBe(0);
  expect(text).toContain('PRM_PORT');
});

test('a broken setting ends the start with one line and exit code 1', async () => {
  const { code, text } = await up([], { PRM_PORT: 'abc' });
  expect({ code, lines: text.trim().split('\n').length }).toEqual({ code: 1, lines: 1 });
  expect(text).toContain('PRM_PORT=abc is no port');
});

test('an argument that is none is refused', async () => {
  expect(await up(['--port', '1'], {})).toEqual({
    code: 1,
    text: expect.stringContaining('npm start takes settings from the environment, not "--port 1"'),
  });
});

test('a taken port ends the start before anything is made', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  const folder = givenFolder();
  const { code, text } = await up([], { PRM_PORT: String(port), PRM_DATA: folder.path });
  expect(code).toBe(1);
  expect(lastLine(text)).toContain(`Port ${port} is taken`);
  expect(existsSync(join(folder.path, 'postgres'))).toBe(false);
  server.close();
  folder.remove();
});

test('a folder that cannot be used ends the start', async () => {
  const { code, text } = await up([], { PRM_DATA: '/dev/null/data', PRM_PORT: '18999' });
  expect(code).toBe(1);
  expect(lastLine(text)).toMatch(/^The data folder cannot be used: .*PRM_DATA/);
});
