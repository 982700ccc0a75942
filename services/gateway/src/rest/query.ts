import { ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { fieldByJsonName, hasOwnJsonForm } from '../contracts/fields';
import type { Violation } from '../problems/problem';
import { isPlainObject } from './strip-output-only';

export type Query = Record<string, string | string[] | undefined>;

/**
 * Query parameters into the request's JSON: `states=A&states=B`, `filter.country=CH`. Text is enough: proto3 JSON reads numbers,
 * enums and times from strings; only booleans have to be told apart here.
 */
export function mergeQuery(message: DescMessage, query: Query, json: Record<string, unknown>): Violation[] {
  const faults: Violation[] = [];
  for (const [name, given] of Object.entries(query)) {
    const fault = given !== undefined && mergeParameter(message, name, [given].flat(), json);
    if (fault) faults.push({ field: name, description: fault });
  }
  return faults;
}

function mergeParameter(message: DescMessage, name: string, values: string[], json: Record<string, unknown>): string | undefined {
  const fields = resolve(message, name);
  const leaf = fields?.at(-1);
  if (!fields || !leaf || (leaf.message && !hasOwnJsonForm(leaf.message)) || leaf.fieldKind === 'map') return 'unknown query parameter';
  if (leaf.fieldKind !== 'list' && values.length > 1) return 'given more than once';
  const read = values.map((value) => (leaf.scalar === ScalarType.BOOL ? toBoolean(value) : value));
  if (read.includes(undefined)) return 'expected true or false';
  return put(json, fields, leaf.fieldKind === 'list' ? read : read[0]) ? undefined : 'given twice';
}

function resolve(message: DescMessage, name: string): DescField[] | undefined {
  const fields: DescField[] = [];
  let inside: DescMessage | undefined = message;
  for (const part of name.split('.')) {
    const field: DescField | undefined = inside && fieldByJsonName(inside, part);
    if (!field) return undefined;
    fields.push(field);
    inside = field.fieldKind === 'message' ? field.message : undefined;
  }
  return fields;
}

function put(json: Record<string, unknown>, fields: DescField[], value: unknown): boolean {
  let into = json;
  for (const field of fields.slice(0, -1)) {
    const next = (into[field.jsonName] ??= {});
    if (!isPlainObject(next)) return false;
    into = next;
  }
  const leaf = fields.at(-1)!;
  if (into[leaf.jsonName] !== undefined || into[leaf.name] !== undefined) return false;
  into[leaf.jsonName] = value;
  return true;
}

function toBoolean(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}
