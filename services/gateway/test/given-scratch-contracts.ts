import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { FileRegistry } from '@bufbuild/protobuf';
import { registryFrom } from '@openprm/contracts';

const root = resolve(__dirname, '../../..');
const GOOGLE = [
  'api/annotations.proto',
  'api/http.proto',
  'api/field_behavior.proto',
  'type/money.proto',
  'rpc/status.proto',
  'rpc/error_details.proto',
];

/** Contracts with one proto of the test's own beside the shared ones, built by buf as the project builds its own. */
export function givenScratchContracts(path: string, source: string): FileRegistry {
  const folder = mkdtempSync(join(tmpdir(), 'scratch-contracts-'));
  try {
    for (const area of ['buf', 'prm/options', 'prm/type']) cpSync(join(root, 'proto', area), join(folder, area), { recursive: true });
    for (const file of GOOGLE) cpSync(join(root, 'node_modules/google-proto-files/google', file), join(folder, 'google', file));
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), source);
    writeFileSync(join(folder, 'buf.yaml'), 'version: v2\n');
    execFileSync(join(root, 'node_modules/.bin/buf'), ['build', '--as-file-descriptor-set', '-o', 'scratch.binpb'], {
      cwd: folder,
      stdio: 'pipe',
    });
    return registryFrom(readFileSync(join(folder, 'scratch.binpb')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
