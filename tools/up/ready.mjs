// Ways to learn that a part does its work.
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Asks again until the answer is yes; gives up when the part ended or the time is over. */
export async function until(isReady, { ended = () => false, seconds = 180, every = 50 } = {}) {
  const limit = Date.now() + seconds * 1000;
  while (!(await isReady())) {
    if (ended()) throw new Error('it ended');
    if (Date.now() > limit) throw new Error(`no answer within ${seconds} s`);
    await pause(every);
  }
}

export async function httpAnswers(url) {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

/** The standard health check (grpc.health.v1) for the whole server, spoken by hand: its messages are five and seven bytes. */
export function grpcServes(address) {
  return new Promise((resolve) => {
    const session = connectHttp2(`http://${address}`);
    const finish = (answer) => {
      session.destroy();
      resolve(answer);
    };
    session.on('error', () => finish(false));
    session.setTimeout(2000, () => finish(false));
    const stream = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('error', () => finish(false));
    // One message: flag, length, then field 1 (status) = 1 (SERVING).
    stream.on('end', () =>
      finish(
        Buffer.concat(chunks)
          .subarray(5)
          .equals(Buffer.from([8, 1])),
      ),
    );
    stream.end(Buffer.alloc(5));
  });
}

export function portAnswers(host, port, milliseconds = 3000) {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: milliseconds });
    const finish = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket
      .once('connect', () => finish(true))
      .once('error', () => finish(false))
      .once('timeout', () => finish(false));
  });
}
