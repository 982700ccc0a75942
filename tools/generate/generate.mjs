// Everything that follows from proto/: TypeScript, descriptor set, openapi.json, asyncapi.json.
// `--check` fails when the checked-in files differ from what the protos say.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const out = 'packages/contracts';
const run = (file, ...args) => execFileSync(file, args, { stdio: 'inherit' });

run('buf', 'format', '-w', 'proto');
run('buf', 'lint');
run('buf', 'generate');
run('buf', 'build', '--as-file-descriptor-set', '-o', `${out}/contracts.binpb`);
run('node', 'node_modules/typescript/bin/tsc', '-b', out);
if (existsSync('services/gateway/tsconfig.json')) {
  run('node', 'node_modules/typescript/bin/tsc', '-b', 'services/gateway');
  run('node', 'services/gateway/dist/documents/write.js', out);
}
if (process.argv.includes('--check')) {
  const changed = execFileSync('git', ['status', '--porcelain', '--', 'proto', `${out}/src/gen`, `${out}/contracts.binpb`, `${out}/openapi.json`, `${out}/asyncapi.json`], { encoding: 'utf8' });
  if (changed) {
    console.error(`Generated files are not current. Run \`npm run generate\` and commit:\n${changed}`);
    process.exit(1);
  }
}
