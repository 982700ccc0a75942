import { run, type Database } from '@openprm/postgres';
import { Router } from 'express';

/** `/healthz`: the process lives. `/readyz`: it may get traffic, which takes its database and nothing else. */
export function healthRouter({ database, stopping }: { database: Database; stopping: AbortSignal }): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' });
  });
  router.get('/readyz', async (_req, res) => {
    const ready =
      !stopping.aborted &&
      (await run(database, 'select 1').then(
        () => true,
        () => false,
      ));
    res.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready' });
  });
  return router;
}
