// Everything there is to prove, in the order in which a fault is cheapest to find. Ends with `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

if (process.argv.includes('--help')) {
  console.log(
    'npm test: builds, checks types, generated code, lint, format and boundaries, then runs every test, the platform last.\n  npm test -- --only STEP   one of: build types generated lint format projects tests platform',
  );
  process.exit(0);
}

const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js', '--ci'];
const folder = mkdtempSync(join(tmpdir(), 'openprm-tests-'));
const only = process.argv[process.argv.indexOf('--only') + 1];

const steps = [
  { name: 'build', args: ['node_modules/typescript/bin/tsc', '-b'] },
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.test.json'] },
  { name: 'generated', args: ['tools/generate/generate.mjs', '--check'] },
  { name: 'lint', args: ['node_modules/eslint/bin/eslint.js', '--quiet', '.'] },
  { name: 'format', args: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'] },
  { name: 'projects', args: ['tools/lint/projects.mjs'] },
  { name: 'tests', args: JEST, jest: true },
  { name: 'platform', args: [...JEST, '--config', 'jest.platform.config.mjs', '--runInBand'], jest: true },
];

let passed = 0;
let failed = 0;
for (const step of steps.filter((each) => !process.argv.includes('--only') || each.name === only)) {
  const started = Date.now();
  console.log(`\n— ${step.name}`);
  const counts = step.jest ? runJest(step) : { failed: run(step.args) ? 0 : 1 };
  passed += counts.passed ?? 1 - counts.failed;
  failed += counts.failed;
  console.log(`— ${step.name}: ${counts.failed ? 'failed' : 'passed'} in ${Math.round((Date.now() - started) / 1000)} s`);
  // Without a build nothing else says anything.
  if (step.name === 'build' && counts.failed) break;
}
rmSync(folder, { recursive: true, force: true });
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

function runJest({ name, args }) {
  const file = join(folder, `${name}.json`);
  const ok = run([...args, '--json', `--outputFile=${file}`]);
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(file, 'utf8'));
    // A suite that does not even load has no failed test of its own.
    return { passed: numPassedTests, failed: numFailedTests || numFailedTestSuites || (ok ? 0 : 1) };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

function run(args) {
  const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  return status === 0;
}
