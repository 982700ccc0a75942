import type { FileRegistry } from '@bufbuild/protobuf';
import { fieldByJsonName } from '../contracts/fields';
import { pathFields, routesOf, type Route } from '../contracts/http-rules';
import { describe, summarize } from './comments';
import { gatewayPaths, gatewaySchemas } from './gateway-paths';
import { parametersOf } from './parameters';
import { Schemas, type Schema } from './schemas';

/** OpenAPI 3.1 of everything the contracts offer over HTTP. */
export function makeOpenApi(registry: FileRegistry): Schema {
  const schemas = new Schemas(registry, { describeRefs: true });
  const routes = routesOf(registry);
  return {
    openapi: '3.1.0',
    info: INFO,
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { session: [] }],
    tags: [...tagsOf(routes), { name: 'Gateway', description: 'Sign-in of browsers and live updates.' }],
    paths: sorted({ ...pathsOf(routes, schemas), ...gatewayPaths }),
    components: {
      securitySchemes: SECURITY,
      responses: {
        Problem: {
          description: 'Refused; `code` and `reason` say why.',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      schemas: sorted({ ...schemas.components, ...gatewaySchemas }),
    },
  };
}

const INFO = {
  title: 'OpenPRM',
  version: '1.0.0',
  description:
    'Partner relationship management: partners, programs, deal registrations, quotes, orders, cases. JSON is proto3 JSON: 64-bit integers are strings.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
};

const SECURITY = {
  bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Access token of the OpenID issuer.' },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'prm_session',
    description: 'Session of a browser. Unsafe methods also need the header `X-CSRF-Token` from `GET /auth/session`.',
  },
};

function tagsOf(routes: Route[]): Schema[] {
  return [...new Set(routes.map(({ rpc }) => rpc.parent))]
    .map((service) => ({ name: service.name, description: describe(service) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function pathsOf(routes: Route[], schemas: Schemas): Record<string, Schema> {
  const names = parameterNames(routes);
  const ids = operationIds(routes);
  const paths: Record<string, Schema> = {};
  for (const route of routes) {
    const pathNames = names.get(shapeOf(route))!;
    const path = fill(route.template, pathNames);
    (paths[path] ??= {})[route.verb] = toOperation(route, schemas, pathNames, ids.get(route)!);
  }
  return paths;
}

function toOperation(route: Route, schemas: Schemas, pathNames: string[], operationId: string): Schema {
  const parameters = parametersOf(route, schemas, pathNames);
  return {
    operationId,
    tags: [route.rpc.parent.name],
    summary: summarize(route.rpc),
    description: describe(route.rpc),
    ...(parameters.length && { parameters }),
    ...(route.body && { requestBody: requestBody(route, schemas) }),
    responses: { ...success(route, schemas), '4XX': PROBLEM, '5XX': PROBLEM },
  };
}

const PROBLEM = { $ref: '#/components/responses/Problem' };

function requestBody(route: Route, schemas: Schemas): Schema {
  const field = route.body === '*' ? undefined : fieldByJsonName(route.rpc.input, route.body);
  const mode = route.verb === 'patch' ? 'patch' : 'input';
  const schema = field?.message
    ? schemas.message(field.message, mode)
    : field
      ? schemas.field(field, mode)
      : schemas.message(route.rpc.input, 'input', pathFields(route.template));
  return { required: field !== undefined, content: { 'application/json': { schema } } };
}

function success(route: Route, schemas: Schemas): Schema {
  const { output } = route.rpc;
  if (output.typeName === 'google.protobuf.Empty') return { '204': { description: 'Done.' } };
  const field = route.responseBody ? fieldByJsonName(output, route.responseBody) : undefined;
  const schema = field ? schemas.field(field, 'answer') : schemas.message(output, 'answer');
  const hasEtag = output.fields.some(({ name }) => name === 'etag');
  const headers = hasEtag ? { headers: { ETag: { description: 'Version of the record, for If-Match.', schema: { type: 'string' } } } } : {};
  return { '200': { description: describe(output) || 'Done.', ...headers, content: { 'application/json': { schema } } } };
}

/** `/v1/partners/{id}` and `/v1/partners/{partner.id}` are one path of the document and need one name for its parameter. */
function parameterNames(routes: Route[]): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const route of routes) {
    if (!names.has(shapeOf(route))) names.set(shapeOf(route), uniqueNames(pathFields(route.template)));
  }
  return names;
}

function uniqueNames(fields: string[]): string[] {
  const last = fields.map((path) => toCamel(path.split('.').at(-1)!));
  return last.map((name, index) => (last.indexOf(name) === index ? name : toCamel(fields[index]!.replaceAll('.', '_'))));
}

function operationIds(routes: Route[]): Map<Route, string> {
  const users = new Map<string, Set<string>>();
  for (const { rpc } of routes) users.set(rpc.name, (users.get(rpc.name) ?? new Set()).add(rpc.parent.typeName));
  return new Map(
    routes.map((route) => {
      const { name, parent } = route.rpc;
      const unique = users.get(name)!.size === 1 ? name : parent.name + name;
      return [route, unique.charAt(0).toLowerCase() + unique.slice(1) + (route.binding || '')];
    }),
  );
}

const shapeOf = (route: Route) => route.template.replace(/\{[^}]+\}/g, '{}').replace(/:[A-Za-z]+$/, '');
const toCamel = (name: string) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

function fill(template: string, names: string[]): string {
  let index = 0;
  return template.replace(/\{[^}]+\}/g, () => `{${names[index++]}}`);
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
