import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Router, type Response } from 'express';

/** The explorer styles its elements inline; scripts come from here only, and nothing from anywhere else. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>OpenPRM API</title>
<script src="/docs/rapidoc.js" defer></script>
</head>
<body>
<rapi-doc spec-url="/openapi.json" theme="light" load-fonts="false" render-style="focused" schema-style="table" show-header="false"
  allow-spec-url-load="false" allow-spec-file-load="false" allow-server-selection="false" persist-auth="false"></rapi-doc>
</body>
</html>
`;

/**
 * `/openapi.json`, `/asyncapi.json` and the explorer at `/docs`. The documents lie beside the contracts they were made from: making them
 * here would hold up every other request for a second.
 */
export function documentsRouter(): Router {
  const router = Router();
  const contracts = join(dirname(require.resolve('@openprm/contracts')), '..');
  const openApi = once(() => readFileSync(join(contracts, 'openapi.json')));
  const asyncApi = once(() => readFileSync(join(contracts, 'asyncapi.json')));
  const script = once(() => readFileSync(require.resolve('rapidoc/dist/rapidoc-min.js')));
  router.get('/openapi.json', (_req, res) => send(res, 'application/json', openApi()));
  router.get('/asyncapi.json', (_req, res) => send(res, 'application/json', asyncApi()));
  router.get('/docs/rapidoc.js', (_req, res) => send(res, 'text/javascript', script()));
  router.get('/docs', (_req, res) => {
    res.setHeader('Content-Security-Policy', POLICY);
    send(res, 'text/html', PAGE);
  });
  return router;
}

function send(res: Response, type: string, content: string | Buffer): void {
  res.type(type).setHeader('Cache-Control', 'public, max-age=300');
  res.send(content);
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
