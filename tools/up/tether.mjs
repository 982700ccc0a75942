// Ends a starter's processes when the starter is gone, however it went: its end of our standard input closes then.
// Lines on standard input: {"add": pid, "stage": n, "signal": "SIGTERM", "started": mark} and {"remove": pid}.
// Stages are stopped in order: gateway, services, broker, Postgres.
import { createInterface } from 'node:readline';
import { stopProcesses } from './stop-process.mjs';

const patience = 3000;
const held = new Map();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
process.stdin.on('error', () => {});

for await (const line of createInterface({ input: process.stdin })) {
  const { add, remove, ...rest } = JSON.parse(line);
  if (add) held.set(add, { pid: add, ...rest });
  if (remove) held.delete(remove);
}

for (const stage of [...new Set([...held.values()].map((one) => one.stage))].sort((a, b) => a - b)) {
  await stopProcesses(
    [...held.values()].filter((one) => one.stage === stage),
    patience,
  );
}
process.exit(0);
