// Prints a bearer token for a sign-in of the local sandbox, and nothing else, so that scripts can use it.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAlive } from '../up/process-identity.mjs';
import { requestToken } from './request-token.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const usage = `Usage: npm run -s token -- EMAIL

Prints a bearer token for somebody of the running sandbox, for example:
  curl -H "authorization: Bearer $(npm run -s token -- admin@enterprise.example)" http://127.0.0.1:8080/v1/partners
PRM_DATA names the data folder of the running platform (default .data).`;

try {
  console.log(await answer(process.argv.slice(2)));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

function answer(args) {
  if (args.includes('--help') || args.includes('-h')) return usage;
  if (args.length !== 1 || !args[0].includes('@')) throw new Error(`Give one e-mail address. ${usage.split('\n')[0]}`);
  return requestToken(readRuntime(), args[0]);
}

function readRuntime() {
  const folder = resolve(root, process.env.PRM_DATA || '.data');
  let runtime;
  try {
    runtime = JSON.parse(readFileSync(join(folder, 'runtime.json'), 'utf8'));
  } catch (error) {
    if (error.code === 'EACCES')
      throw new Error(`${join(folder, 'runtime.json')} belongs to another user: ask as the user who started the platform.`, {
        cause: error,
      });
  }
  if (!runtime || !isAlive(runtime.starter))
    throw new Error(`Nothing runs on the data folder ${folder}: start the platform with npm start, or name its folder with PRM_DATA.`);
  return runtime;
}
