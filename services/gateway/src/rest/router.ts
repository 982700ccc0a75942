import { toBinary, type FileRegistry, type Message } from '@bufbuild/protobuf';
import { Router, type NextFunction, type Request, type Response } from 'express';
import type { ServiceError } from '@grpc/grpc-js';
import { FieldBehaviors } from '../contracts/fields';
import { routesOf, type Route } from '../contracts/http-rules';
import { fromGrpc } from '../problems/from-grpc';
import { ProblemError } from '../problems/problem';
import type { Call } from '../upstream/edge';
import { readBody } from './body-reader';
import { requireBearer, traceFor } from './caller';
import { deadlineOf, type Deadlines } from './deadlines';
import type { Query } from './query';
import { readRequest, type Reading } from './read-request';
import { respond } from './respond';
import { makeValidate, warmUp } from './validate';

/** Carries out one RPC, by gRPC or within the gateway. */
export type Invoke = (call: Call) => Promise<Uint8Array>;

export interface RestOptions {
  registry: FileRegistry;
  invoke: Invoke;
  deadlines: Deadlines;
  bodyLimit: number;
}

/** The REST API: a route for every HTTP binding in the contracts, with nothing written per RPC. */
export function restRouter({ registry, invoke, deadlines, bodyLimit }: RestOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const reading: Reading = { registry, behaviors: new FieldBehaviors(registry), validate: makeValidate(registry) };
  const routes = routesOf(registry);
  router.use('/v1', requireCredentials, readBody(bodyLimit));
  for (const route of routes) {
    const within = deadlineOf(route, deadlines);
    router[route.verb](toExpressPath(route.template), async (req, res, next) => {
      if (hasStrayVerb(req)) return next();
      await handle(req, res, route, { reading, invoke, within });
    });
  }
  router.use(refuseOtherMethods(routes));
  setImmediate(warmUp, reading.validate, [...new Set(routes.map(({ rpc }) => rpc.input))]);
  return router;
}

interface Handling {
  reading: Reading;
  invoke: Invoke;
  within: number;
}

async function handle(req: Request, res: Response, route: Route, { reading, invoke, within }: Handling): Promise<void> {
  const request = readRequest(route, toInput(req), reading);
  const left = new AbortController();
  res.on('close', () => left.abort());
  const call = toCall(req, route, request, within, left.signal);
  const bytes = await invoke(call).catch((error: ServiceError) => {
    if (error instanceof ProblemError || typeof error.code !== 'number') throw error;
    throw fromGrpc(error, { registry: reading.registry, input: route.rpc.input, body: route.body });
  });
  res.setHeader('Cache-Control', 'no-store');
  respond(res, route, bytes, reading.registry);
}

function toCall(req: Request, route: Route, request: Message, within: number, signal: AbortSignal): Call {
  return {
    path: `/${route.rpc.parent.typeName}/${route.rpc.name}`,
    request: toBinary(route.rpc.input, request),
    bearer: requireBearer(req),
    traceparent: traceFor(req).traceparent,
    deadline: Date.now() + within,
    repeatable: route.verb === 'get' || Boolean((request as unknown as { requestId?: string }).requestId),
    signal,
  };
}

function toInput(req: Request) {
  return {
    path: req.params as Record<string, string>,
    query: req.query as Query,
    body: req.body as unknown,
    idempotencyKey: req.get('idempotency-key'),
    ifMatch: req.get('if-match'),
  };
}

function requireCredentials(req: Request, _res: Response, next: NextFunction): void {
  requireBearer(req);
  next();
}

/** `{partner.id}` is a legal name in Express when quoted; a colon that is no parameter is escaped. */
export function toExpressPath(template: string): string {
  return template.replace(/:/g, '\\:').replace(/\{([^}]+)\}/g, ':"$1"');
}

/** `/v1/deals/7:fly` is no deal called `7:fly`: no identifier has a colon. */
function hasStrayVerb(req: Request): boolean {
  return Object.values(req.params).some((value) => String(value).includes(':'));
}

/** Runs after every route: a path that exists for another method is 405. */
function refuseOtherMethods(routes: Route[]) {
  const known = routes.map((route) => ({ verb: route.verb.toUpperCase(), path: toPattern(route.template) }));
  return (req: Request, _res: Response, next: NextFunction) => {
    const allowed = [...new Set(known.filter(({ path }) => path.test(req.path)).map(({ verb }) => verb))];
    if (!allowed.length) return next();
    throw new ProblemError('METHOD_NOT_ALLOWED', `${req.method} is not possible here.`, { headers: { Allow: allowed.join(', ') } });
  };
}

function toPattern(template: string): RegExp {
  const escaped = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/:]+');
  return new RegExp(`^${escaped}$`);
}
