import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { givenFolder, givenProgram } from '../../up/test/given.mjs';

const folder = givenFolder();
let identity;

beforeAll(async () => {
  identity = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const known = request.headers['x-sandbox-secret'] === 'secret' && JSON.parse(body).email === 'known@partner.example';
    response.writeHead(known ? 200 : 404).end(JSON.stringify({ access_token: 'the-token' }));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => identity.once('listening', resolve));
});

afterAll(() => {
  identity.close();
  folder.remove();
});

function givenRuntime(changes = {}) {
  const runtime = {
    identity: `http://127.0.0.1:${identity.address().port}`,
    issuer: 'https://issuer.example',
    sandboxSecret: 'secret',
    starter: process.pid,
  };
  writeFileSync(join(folder.path, 'runtime.json'), JSON.stringify({ ...runtime, ...changes }));
}

const token = (...args) => givenProgram('tools/token/token.mjs', args, { PRM_DATA: folder.path }).ended;

test('prints the token and nothing else', async () => {
  givenRuntime();
  expect(await token('known@partner.example')).toEqual({ code: 0, text: 'the-token\n' });
});

test('an address that nobody has is refused in one line', async () => {
  givenRuntime();
  expect(await token('nobody@partner.example')).toEqual({
    code: 1,
    text: expect.stringMatching(/^Nobody here has the e-mail address nobody@partner.example.*\n$/),
  });
});

test("with an issuer of one's own it refuses and says why", async () => {
  givenRuntime({ identity: null, sandboxSecret: null });
  expect(await token('known@partner.example')).toEqual({
    code: 1,
    text: expect.stringMatching(/trusts an issuer of your own \(https:\/\/issuer.example\)/),
  });
});

test('without a running platform it says so', async () => {
  givenRuntime({ starter: 2 ** 22 + 1 });
  expect(await token('known@partner.example')).toEqual({
    code: 1,
    text: expect.stringMatching(/^Nothing runs on the data folder .*npm start/),
  });
});

test('an identity service that does not answer is named', async () => {
  givenRuntime({ identity: 'http://127.0.0.1:1' });
  expect(await token('known@partner.example')).toEqual({
    code: 1,
    text: expect.stringMatching(/^The identity service at http:\/\/127.0.0.1:1 does not answer/),
  });
});

test('without an address it explains itself', async () => {
  expect(await token()).toEqual({ code: 1, text: expect.stringMatching(/^Give one e-mail address. Usage: npm run -s token -- EMAIL\n$/) });
});
