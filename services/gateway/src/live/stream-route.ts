import type { Principal, VerifyToken } from '@openprm/access';
import { Router, type Request, type Response } from 'express';
import { ProblemError } from '../problems/problem';
import { requireBearer } from '../rest/caller';
import type { Hub } from './hub';
import type { LiveEvent } from './live-event';

interface Parts {
  hub: Hub;
  verify: VerifyToken;
  mostStreams: number;
  heartbeatMs: number;
  /** Aborted when the gateway stops. */
  stopping: AbortSignal;
}

/** What a client has not read may grow to this many bytes; then it is cut off and comes back when it can. */
const MOST_UNREAD = 1_048_576;

/** `GET /v1/events`: server-sent events. */
export function eventsRouter(parts: Parts): Router {
  const router = Router();
  router.get('/v1/events', async (req, res) => {
    const token = requireBearer(req);
    const principal = await parts.verify(token);
    if (parts.stopping.aborted || parts.hub.size >= parts.mostStreams)
      throw new ProblemError('UNAVAILABLE', 'There are too many open streams. Try again shortly.');
    await stream(parts, req, res, token, principal);
  });
  return router;
}

async function stream(
  { hub, verify, heartbeatMs, stopping }: Parts,
  req: Request,
  res: Response,
  token: string,
  principal: Principal,
): Promise<void> {
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
  res.write('retry: 2000\n: welcome\n\n');
  const end = () => res.end();
  // The token's end is the stream's end; the client comes back with a new one.
  const heartbeat = setInterval(() => void verify(token).then(() => res.write(': alive\n\n'), end), heartbeatMs);
  stopping.addEventListener('abort', end, { once: true });
  const leave = hub.join({ principal, send: (event) => send(res, event) }, lastEventId(req));
  res.on('close', () => {
    clearInterval(heartbeat);
    stopping.removeEventListener('abort', end);
    void leave.then(
      (left) => left(),
      () => {},
    );
  });
  await leave.catch(end);
}

function send(res: Response, event: LiveEvent): void {
  if (res.writableEnded || res.destroyed) return;
  if (res.writableLength > MOST_UNREAD) return void res.destroy();
  res.write(`id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`);
}

function lastEventId(req: Request): string | undefined {
  return req.get('last-event-id')?.slice(0, 100);
}
