// Everything that follows from proto/: TypeScript, descriptor set, openapi.json, asyncapi.json.
// `--check` fails when the checked-in files differ from what the protos say.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const out = 'packages/contracts';
const before = digests();
const run = (file, ...args) => execFileSync(file, args, { stdio: 'inherit' });

run('buf', 'format', '-w', 'proto');
run('buf', 'lint');
run('buf', 'generate');
run('buf', 'build', '--as-file-descriptor-set', '-o', `${out}/contracts-documented.binpb`);
run('buf', 'build', '--as-file-descriptor-set', '--exclude-source-info', '-o', `${out}/contracts.binpb`);
run('node', 'node_modules/typescript/bin/tsc', '-b', 'services/gateway');
run('node', 'services/gateway/dist/documents/write.js', out);

const after = digests();
const changed = [...new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file));
if (process.argv.includes('--check') && changed.length > 0) {
  console.error(`These files were not what the protos say; they are now. Commit them:\n${changed.join('\n')}`);
  process.exit(1);
}

/** Content of everything this program writes. */
function digests() {
  const folders = ['proto', `${out}/src/gen`].flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }));
  const files = folders.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  files.push(
    ...readdirSync(out)
      .filter((name) => /\.(json|binpb)$/.test(name) && !/^(package|tsconfig)/.test(name))
      .map((name) => join(out, name)),
  );
  return new Map(files.map((file) => [file, createHash('sha256').update(readFileSync(file)).digest('hex')]));
}
