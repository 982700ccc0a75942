import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { fieldByJsonName, hasOwnJsonForm } from '../contracts/fields';
import { pathFields, type Route } from '../contracts/http-rules';
import { describe } from './comments';
import type { Schema, Schemas } from './schemas';

/** Fields that a header sets in whichever request has them. */
const HEADERS: Record<string, { name: string; description: string }> = {
  request_id: {
    name: 'Idempotency-Key',
    description: 'Chosen by the caller; a repeat with the same key gives the first answer and has no second effect.',
  },
  etag: { name: 'If-Match', description: 'ETag of the version the caller saw; the request is refused when the record has changed since.' },
};

/** Parameters of an operation besides its body. `pathNames` are the names of the document, which are one per path. */
export function parametersOf(route: Route, schemas: Schemas, pathNames: string[]): Schema[] {
  return [...pathParameters(route, schemas, pathNames), ...queryParameters(route, schemas), ...headerParameters(route.rpc.input)];
}

function pathParameters({ template, rpc }: Route, schemas: Schemas, names: string[]): Schema[] {
  return pathFields(template).map((path, index) => {
    const field = resolve(rpc.input, path);
    const { description = '', ...schema } = schemas.field(field, 'input');
    return { name: names[index], in: 'path', required: true, description, schema };
  });
}

function queryParameters(route: Route, schemas: Schemas): Schema[] {
  if (route.body === '*') return [];
  const taken = [route.body, ...pathFields(route.template).map((path) => path.split('.')[0]), ...Object.keys(HEADERS)];
  return route.rpc.input.fields.filter((field) => !taken.includes(field.name)).flatMap((field) => flatten(field, '', schemas));
}

/** Nested filters become `filter.country`. */
function flatten(field: DescField, prefix: string, schemas: Schemas): Schema[] {
  const name = prefix + field.jsonName;
  if (field.fieldKind === 'map') return [];
  if (field.message && !hasOwnJsonForm(field.message)) {
    return field.fieldKind === 'message' && prefix.split('.').length < 3
      ? field.message.fields.flatMap((inner) => flatten(inner, `${name}.`, schemas))
      : [];
  }
  const { description = describe(field), ...schema } = schemas.field(field, 'input');
  return [{ name, in: 'query', description, schema, ...(schemas.behaviors.isRequired(field) && { required: true }) }];
}

function headerParameters(input: DescMessage): Schema[] {
  return Object.entries(HEADERS).flatMap(([field, header]) =>
    input.fields.some(({ name }) => name === field) ? [{ ...header, in: 'header', schema: { type: 'string', maxLength: 100 } }] : [],
  );
}

function resolve(message: DescMessage, path: string): DescField {
  const [first = '', ...rest] = path.split('.');
  const field = fieldByJsonName(message, first);
  if (!field) throw new Error(`${message.typeName} has no field ${path}`);
  return rest.length && field.message ? resolve(field.message, rest.join('.')) : field;
}
