import express, { type Express } from 'express';
import type { JWK } from 'jose';
import { run, type Database } from '@openprm/postgres';
import type { Config } from '../config';
import { createProvider } from './provider';
import { handleError } from './problem';
import { sandboxTokenRoutes } from './sandbox-token';
import { signInRoutes } from './sign-in';

export interface HttpParts {
  config: Config;
  database: Database;
  signingKeys: JWK[];
  cookieKey: string;
  onError: (error: unknown) => void;
}

/** Everything identity answers over HTTP: health, sandbox, sign-in page, and the OpenID endpoints on the rest. */
export function createHttp({ config, database, signingKeys, cookieKey, onError }: HttpParts): Express {
  const [signingKey] = signingKeys;
  if (!signingKey) throw new Error('there is no signing key');
  const provider = createProvider(config, database, signingKeys, cookieKey);
  provider.on('server_error', (_ctx, error) => onError(error));
  const app = express().disable('x-powered-by').disable('etag');
  app.use((_req, res, next) => {
    res.set({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'x-frame-options': 'DENY' });
    next();
  });
  app.get('/healthz', (_req, res) => void res.type('text').send('ok'));
  app.get('/readyz', (_req, res) =>
    run(database, 'select 1').then(
      () => void res.type('text').send('ready'),
      () => void res.status(503).type('text').send('the database does not answer'),
    ),
  );
  app.use(sandboxTokenRoutes(config, database, signingKey));
  app.use(signInRoutes(config, database, provider));
  app.use(provider.callback());
  app.use(handleError(onError));
  return app;
}
