import { fileURLToPath } from 'node:url';
import { inTurn } from '../in-turn.mjs';
import { Refusal } from './refusal.mjs';
import { runTool } from './run-tool.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Compiles what the services need; takes a second when everything is current. */
export async function build(services, tools) {
  const projects = services.map(({ name }) => `services/${name}`);
  const compile = () =>
    runTool(process.execPath, ['node_modules/typescript/bin/tsc', '-b', ...projects, 'tools/import'], { cwd: root, ...tools });
  const { code, stdout, stderr } = await inTurn(root, 'build', compile);
  if (code === 0) return;
  const said = (stdout + stderr).trim().split('\n');
  throw new Refusal(
    `The build failed:\n    ${said.slice(0, 10).join('\n    ')}${said.length > 10 ? `\n    … ${said.length - 10} more lines: npm run build shows all` : ''}`,
  );
}
