import type { FileRegistry } from '@bufbuild/protobuf';
import type { VerifyToken } from '@openprm/access';
import type { Database } from '@openprm/postgres';
import express, { type Express } from 'express';
import helmet from 'helmet';
import type { Config } from './config';
import { documentsRouter } from './documents/docs-page';
import { healthRouter } from './health';
import type { Hub } from './live/hub';
import { eventsRouter } from './live/stream-route';
import { withLocalRpcs } from './partner360/local';
import { ProblemError } from './problems/problem';
import { limitRate } from './rest/rate-limit';
import { answerErrors, type LogError } from './rest/errors';
import { restRouter } from './rest/router';
import { bearerFromSession } from './session/bearer-from-session';
import type { Cookies } from './session/cookies';
import type { Issuer } from './session/issuer';
import type { Sessions } from './session/sessions';
import { signInRouter } from './session/sign-in-router';
import type { Edges } from './upstream/edges';

export interface HttpParts {
  config: Config;
  registry: FileRegistry;
  database: Database;
  edges: Edges;
  issuer: Issuer;
  sessions: Sessions;
  cookies: Cookies;
  verify: VerifyToken;
  hub: Hub;
  heartbeatMs: number;
  stopping: AbortSignal;
  logError: LogError;
}

/** Everything the gateway answers over HTTP, in the order in which it is asked. */
export function makeHttp(parts: HttpParts): Express {
  const { config, registry, sessions, cookies, logError } = parts;
  const app = express();
  app.set('etag', false).set('trust proxy', config.trustProxy ? 1 : false);
  // Answers are data; /docs, the only page, brings its own policy. Browsers refuse plain http for a year once they have seen the
  // transport header: only where there is TLS.
  app.use(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
      strictTransportSecurity: config.publicUrl.startsWith('https:'),
    }),
  );
  app.use(healthRouter(parts));
  app.use(documentsRouter());
  app.use(['/v1', '/auth'], limitRate(config.ratePerMinute));
  app.use(signInRouter({ ...parts, publicUrl: config.publicUrl }));
  app.use('/v1', bearerFromSession(sessions, cookies));
  app.use(eventsRouter({ ...parts, mostStreams: config.mostStreams }));
  app.use(
    restRouter({
      registry,
      invoke: withLocalRpcs((call) => parts.edges.call(call)),
      deadlines: config.deadlines,
      bodyLimit: config.bodyLimit,
    }),
  );
  app.get('/', (_req, res) => res.redirect(302, '/docs'));
  app.use(() => {
    throw new ProblemError('NOT_FOUND', 'There is nothing here.');
  });
  app.use(answerErrors(logError));
  return app;
}
