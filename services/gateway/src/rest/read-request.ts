import { fromJson, type DescField, type DescMessage, type FileRegistry, type JsonValue, type Message } from '@bufbuild/protobuf';
import { fieldByJsonName, type FieldBehaviors } from '../contracts/fields';
import { pathFields, type Route } from '../contracts/http-rules';
import { invalid, ProblemError, type Violation } from '../problems/problem';
import { findFieldFaults } from './field-faults';
import { mergePath } from './path-parameters';
import { mergeQuery, type Query } from './query';
import { isPlainObject, stripOutputOnly } from './strip-output-only';
import { addImplicitMask } from './update-mask';
import type { Validate } from './validate';

export interface HttpInput {
  path: Record<string, string>;
  query: Query;
  /** Parsed JSON, undefined when nothing was sent. */
  body: unknown;
  idempotencyKey: string | undefined;
  ifMatch: string | undefined;
}

export interface Reading {
  registry: FileRegistry;
  behaviors: FieldBehaviors;
  validate: Validate;
}

/** Turns an HTTP request into the RPC's request message, or says everything that is wrong with it. */
export function readRequest(route: Route, input: HttpInput, reading: Reading): Message {
  const type = route.rpc.input;
  const { json, faults } = toRequestJson(route, input, reading);
  const message = decode(type, json, reading, route, faults);
  if (faults.length || !message) throw invalid(faults);
  const violations = reading.validate(type, message, route.body);
  if (violations.length) throw invalid(violations);
  return message;
}

function toRequestJson(route: Route, input: HttpInput, { behaviors }: Reading): { json: Record<string, unknown>; faults: Violation[] } {
  const type = route.rpc.input;
  const json = readBody(route, input.body, behaviors);
  const queryFaults =
    route.body === '*' ? Object.keys(input.query).map(unknownParameter) : mergeQuery(type, withoutPathAndBody(route, input.query), json);
  const bodyField = bodyFieldOf(route);
  if (route.verb === 'patch' && bodyField) addImplicitMask(type, json[bodyField.jsonName], bodyField, json);
  setFromHeader(type, 'request_id', input.idempotencyKey, json);
  setFromHeader(type, 'etag', toEtag(input.ifMatch), json);
  return { json, faults: [...queryFaults, ...mergePath(type, input.path, json)] };
}

function readBody(route: Route, body: unknown, behaviors: FieldBehaviors): Record<string, unknown> {
  if (!route.body) {
    if (body !== undefined) throw new ProblemError('INVALID_ARGUMENT', `${route.verb.toUpperCase()} takes no body here.`);
    return {};
  }
  const field = bodyFieldOf(route);
  if (field) return body === undefined ? {} : { [field.jsonName]: field.message ? stripOutputOnly(field.message, body, behaviors) : body };
  const read = body === undefined ? {} : stripOutputOnly(route.rpc.input, body, behaviors);
  if (!isPlainObject(read)) throw invalid([], 'The body has to be a JSON object.');
  return read;
}

function bodyFieldOf(route: Route): DescField | undefined {
  return route.body && route.body !== '*' ? fieldByJsonName(route.rpc.input, route.body) : undefined;
}

/** What stands in the path or is the body cannot be said again in the query. */
function withoutPathAndBody(route: Route, query: Query): Query {
  const taken = [...pathFields(route.template), ...(route.body ? [route.body] : [])];
  const isTaken = (name: string) =>
    taken.some((path) => path === name || fieldByJsonName(route.rpc.input, path)?.jsonName === name.split('.')[0]);
  const clash = Object.keys(query).filter(isTaken);
  if (clash.length) throw invalid(clash.map((field) => ({ field, description: 'is said by the path or the body already' })));
  return query;
}

function unknownParameter(field: string): Violation {
  return { field, description: 'unknown query parameter' };
}

/** A header means the field of that name in whichever request has one; the header wins over the body. */
function setFromHeader(type: DescMessage, name: string, value: string | undefined, json: Record<string, unknown>): void {
  const field = value === undefined ? undefined : type.fields.find((each) => each.name === name);
  if (!field) return;
  delete json[field.name];
  json[field.jsonName] = value;
}

/** `W/"7"` and `"7"` mean version 7; `*` asks for no particular one. */
function toEtag(ifMatch: string | undefined): string | undefined {
  const text = ifMatch?.trim();
  return !text || text === '*' ? undefined : text.replace(/^W\//, '').replace(/^"(.*)"$/, '$1');
}

function decode(
  type: DescMessage,
  json: Record<string, unknown>,
  { registry }: Reading,
  route: Route,
  faults: Violation[],
): Message | undefined {
  try {
    return fromJson(type, json as JsonValue, { registry });
  } catch {
    const found = findFieldFaults(type, json, registry).map((fault) => withoutBodyName(fault, route));
    faults.push(...(found.length ? found : [{ field: '', description: 'names the same field or alternative twice' }]));
    return undefined;
  }
}

function withoutBodyName(fault: Violation, route: Route): Violation {
  const name = bodyFieldOf(route)?.jsonName;
  return name && fault.field.startsWith(`${name}.`) ? { ...fault, field: fault.field.slice(name.length + 1) } : fault;
}
