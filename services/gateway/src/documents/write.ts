// node write.js OUTDIR: writes openapi.json and asyncapi.json from the checked-in contracts.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentedRegistry } from '@openprm/contracts';
import { makeAsyncApi } from './asyncapi';
import { makeOpenApi } from './openapi';

const outDir = process.argv[2];
if (!outDir) {
  console.error('Say where to: node write.js OUTDIR');
  process.exit(1);
}
const contracts = documentedRegistry();
writeFileSync(join(outDir, 'openapi.json'), `${JSON.stringify(makeOpenApi(contracts), null, 2)}\n`);
writeFileSync(join(outDir, 'asyncapi.json'), `${JSON.stringify(makeAsyncApi(contracts), null, 2)}\n`);
