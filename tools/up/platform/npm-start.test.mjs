// The whole of `npm start`, as a person has it.
import { readFileSync } from 'node:fs';
import { isSameProcess } from '../process-identity.mjs';
import { until } from '../ready.mjs';
import { freePort } from '../ports.mjs';
import { signIns } from '../services.mjs';
import { givenFolder, givenProgram, readLock } from '../test/given.mjs';

const folder = givenFolder();
let port;

beforeAll(async () => {
  port = await freePort();
});

afterAll(() => folder.remove());

const isReady = ({ output }) => output.text.trimEnd().endsWith(`OpenPRM is ready at http://127.0.0.1:${port}`);

async function givenStart() {
  const program = givenProgram('tools/up/up.mjs', [], { PRM_PORT: String(port), PRM_DATA: folder.path });
  await until(() => isReady(program), { seconds: 150, ended: () => program.child.exitCode !== null }).catch((error) => {
    throw new Error(`${error.message}\n${program.output.text}`);
  });
  return program;
}

const tokenFor = (email) => givenProgram('tools/token/token.mjs', [email], { PRM_DATA: folder.path }).ended;

async function dealsOf(email) {
  const { text } = await tokenFor(email);
  const answer = await fetch(`http://127.0.0.1:${port}/v1/deals`, { headers: { authorization: `Bearer ${text.trim()}` } });
  return (await answer.json()).deals.map(({ title }) => title);
}

test('a new folder gets a platform with a sample; a killed starter leaves nothing; the next start has everything', async () => {
  const first = await givenStart();
  expect(first.output.text).toContain('The sample is loaded.');
  for (const { email } of signIns) {
    expect(first.output.text).toContain(email);
    expect((await tokenFor(email)).code).toBe(0);
  }
  const deals = await dealsOf('admin@enterprise.example');
  expect(deals).toHaveLength(3);
  expect(await dealsOf('manager@partner.example')).toHaveLength(2);

  const { processes } = readLock(folder.path);
  first.child.kill('SIGKILL');
  await until(() => !processes.some(isSameProcess), { seconds: 15 });

  const second = await givenStart();
  expect(second.output.text).not.toContain('Loading the sample');
  expect(await dealsOf('admin@enterprise.example')).toEqual(deals);

  const { processes: named } = JSON.parse(readFileSync(`${folder.path}/runtime.json`, 'utf8'));
  second.child.kill('SIGTERM');
  expect((await second.ended).code).toBe(0);
  for (const pid of Object.values(named)) expect(isSameProcess({ pid })).toBe(false);
}, 400_000);
