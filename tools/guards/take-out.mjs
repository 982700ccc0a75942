// Takes one guard after the other out of a copy of the project and runs the test that has to notice.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

const COPIED = ['packages', 'services', 'proto', 'tools', 'jest.config.mjs', 'tsconfig.base.json', 'package.json'];
const SKIPPED = new Set(['node_modules', 'dist', '.data']);

/** A copy of the project without what was built; dependencies are shared. */
export function makeCopy(root) {
  const copy = mkdtempSync(join(tmpdir(), 'openprm-guards-'));
  for (const entry of COPIED) cpSync(join(root, entry), join(copy, entry), { recursive: true, filter: (path) => !SKIPPED.has(basename(path)) });
  symlinkSync(resolve(root, 'node_modules'), join(copy, 'node_modules'));
  return { path: copy, remove: () => rmSync(copy, { recursive: true, force: true }) };
}

/** What went wrong with a guard: a sentence, or null when its test failed as it should. */
export function takeOut(copy, { file, take, put, test, name }) {
  const path = join(copy, file);
  const original = readFileSync(path, 'utf8');
  if (original.split(take).length !== 2) return `${file} does not hold exactly once: ${take}`;
  writeFileSync(path, original.replace(take, () => put));
  try {
    const { failed, passed } = runTest(copy, test, name);
    if (failed + passed === 0) return `${test} has no test named "${name}", or does not load`;
    return failed > 0 ? null : `"${name}" passes without the guard`;
  } finally {
    writeFileSync(path, original);
  }
}

function runTest(copy, test, name) {
  const file = join(copy, 'outcome.json');
  rmSync(file, { force: true });
  const pattern = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const args = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js', '--rootDir', copy, '--runTestsByPath', join(copy, test), '-t', pattern, '--json', `--outputFile=${file}`, '--silent'];
  spawnSync(process.execPath, args, { cwd: copy, stdio: 'ignore', env: process.env, timeout: 120_000 });
  try {
    const { numFailedTests, numPassedTests } = JSON.parse(readFileSync(file, 'utf8'));
    return { failed: numFailedTests, passed: numPassedTests };
  } catch {
    return { failed: 0, passed: 0 };
  }
}
