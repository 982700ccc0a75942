import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below what systems hand out to outgoing connections, so that a port stays ours while its service restarts.
const [lowest, highest] = [20000, 31999];
const given = new Set();

export function isFree(port, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A free port, `preferred` when that one is free; never the same one twice in a process. */
export async function freePort(preferred) {
  if (preferred && !given.has(preferred) && (await isFree(preferred))) return take(preferred);
  for (;;) {
    const port = randomInt(lowest, highest + 1);
    if (!given.has(port) && (await isFree(port))) return take(port);
  }
}

export const giveBack = (port) => given.delete(port);

function take(port) {
  given.add(port);
  return port;
}
