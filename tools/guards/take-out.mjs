// Takes one guard after the other out of a copy of the project and runs the test that has to notice.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

const COPIED = ['packages', 'services', 'proto', 'tools', 'jest.config.mjs', 'tsconfig.base.json', 'package.json'];
const SKIPPED = new Set(['node_modules', 'dist', '.data']);

/** A copy of the project without what was built; dependencies are shared. */
export function makeCopy(root) {
  const copy = mkdtempSync(join(tmpdir(), 'openprm-guards-'));
  for (const entry of COPIED)
    cpSync(join(root, entry), join(copy, entry), { recursive: true, filter: (path) => !SKIPPED.has(basename(path)) });
  for (const folder of ['', ...readdirSync(root, { withFileTypes: true }).flatMap(workspacesIn(root))]) {
    const modules = resolve(root, folder, 'node_modules');
    if (existsSync(modules)) symlinkSync(modules, join(copy, folder, 'node_modules'));
  }
  return { path: copy, remove: () => rmSync(copy, { recursive: true, force: true }) };
}

/** Folders one below the copied ones: a workspace may have dependencies of its own beside the shared ones. */
const workspacesIn = (root) => (entry) =>
  entry.isDirectory() && COPIED.includes(entry.name) ? readdirSync(join(root, entry.name)).map((name) => join(entry.name, name)) : [];

/** What went wrong with a guard: a sentence, or null when its test failed as it should. */
export function takeOut(copy, { file, take, put, test, name, also = [] }) {
  const originals = new Map();
  try {
    for (const edit of [{ file, take, put }, ...also]) {
      const path = join(copy, edit.file);
      const text = readFileSync(path, 'utf8');
      if (!originals.has(path)) originals.set(path, text);
      if (text.split(edit.take).length !== 2) return `${edit.file} does not hold exactly once: ${edit.take}`;
      writeFileSync(
        path,
        text.replace(edit.take, () => edit.put),
      );
    }
    const { failed, passed } = runTest(copy, test, name);
    if (failed + passed === 0) return `${test} has no test named "${name}", or does not load`;
    return failed > 0 ? null : `"${name}" passes without the guard`;
  } finally {
    for (const [path, text] of originals) writeFileSync(path, text);
  }
}

function runTest(copy, test, name) {
  const file = join(copy, 'outcome.json');
  rmSync(file, { force: true });
  const pattern = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const args = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    '--rootDir',
    copy,
    '--runTestsByPath',
    join(copy, test),
    '-t',
    pattern,
    '--json',
    `--outputFile=${file}`,
    '--silent',
  ];
  spawnSync(process.execPath, args, { cwd: copy, stdio: 'ignore', env: process.env, timeout: 120_000 });
  try {
    const { numFailedTests, numPassedTests } = JSON.parse(readFileSync(file, 'utf8'));
    return { failed: numFailedTests, passed: numPassedTests };
  } catch {
    return { failed: 0, passed: 0 };
  }
}
