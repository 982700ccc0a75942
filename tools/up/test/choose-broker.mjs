// Says which broker would be taken with the programs on the path: what broker.test.mjs runs.
import { join } from 'node:path';
import { chooseBroker } from '../broker.mjs';

const [folder, wish] = process.argv.slice(2);
try {
  const { kind, label } = await chooseBroker({ wish, say: () => {}, dataDir: join(folder, 'kafka'), logFile: join(folder, 'kafka.log') });
  console.log(`${kind}: ${label}`);
} catch (error) {
  console.log(`${error.name}: ${error.message}`);
}
