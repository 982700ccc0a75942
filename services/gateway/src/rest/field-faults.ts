import { fromJson, ScalarType, type DescField, type DescMessage, type JsonValue, type Registry } from '@bufbuild/protobuf';
import { fieldByJsonName, hasOwnJsonForm } from '../contracts/fields';
import type { Violation } from '../problems/problem';
import { UnsafeInteger } from './json-body';

/**
 * protobuf-es stops at the first fault and names only the innermost field. This runs after such a failure, reads the JSON again key
 * by key and goes deeper where a key fails, so that one answer lists every fault with its path.
 */
export function findFieldFaults(message: DescMessage, json: unknown, registry: Registry, path = ''): Violation[] {
  if (!isObject(json)) return [{ field: path, description: 'expected an object' }];
  return Object.entries(json).flatMap(([key, value]) => {
    const at = path ? `${path}.${key}` : key;
    const field = fieldByJsonName(message, key);
    if (!field) return [{ field: at, description: 'unknown field' }];
    return reads(message, key, value, registry) ? [] : faultsOf(message, key, field, value, registry, at);
  });
}

function faultsOf(message: DescMessage, key: string, field: DescField, value: unknown, registry: Registry, at: string): Violation[] {
  if (field.fieldKind === 'list') {
    if (!Array.isArray(value)) return [{ field: at, description: 'expected a list' }];
    return value.flatMap((item, index) =>
      reads(message, key, [item], registry) ? [] : faultsOfOne(field, item, registry, `${at}[${index}]`),
    );
  }
  if (field.fieldKind === 'map') {
    if (!isObject(value)) return [{ field: at, description: 'expected an object' }];
    return Object.entries(value).flatMap(([entry, item]) =>
      reads(message, key, { [entry]: item }, registry) ? [] : faultsOfOne(field, item, registry, `${at}["${entry}"]`),
    );
  }
  return faultsOfOne(field, value, registry, at);
}

function faultsOfOne(field: DescField, value: unknown, registry: Registry, at: string): Violation[] {
  if (value instanceof UnsafeInteger) return [{ field: at, description: 'is beyond 2^53: write it as a string' }];
  const inner = field.message;
  if (inner && !hasOwnJsonForm(inner) && isObject(value)) {
    const faults = findFieldFaults(inner, value, registry, at);
    if (faults.length) return faults;
    return [{ field: at, description: 'names the same field or alternative twice' }];
  }
  return [{ field: at, description: `expected ${expectation(field)}` }];
}

function reads(message: DescMessage, key: string, value: unknown, registry: Registry): boolean {
  try {
    fromJson(message, { [key]: value as JsonValue }, { registry });
    return true;
  } catch {
    return false;
  }
}

/** What a caller has to write into one value of this field. */
export function expectation(field: DescField): string {
  if (field.enum)
    return `one of ${field.enum.values
      .slice(0, 30)
      .map((value) => value.name)
      .join(', ')}`;
  if (field.message) return WELL_KNOWN[field.message.typeName] ?? 'an object';
  const scalar = field.scalar;
  if (scalar === ScalarType.STRING) return 'a string';
  if (scalar === ScalarType.BOOL) return 'true or false';
  if (scalar === ScalarType.BYTES) return 'base64 text';
  if (scalar === ScalarType.DOUBLE || scalar === ScalarType.FLOAT) return 'a number';
  return 'an integer';
}

const WELL_KNOWN: Record<string, string> = {
  'google.protobuf.Timestamp': 'a time such as 2026-03-01T12:00:00Z',
  'google.protobuf.Duration': 'a duration such as 3.5s',
  'google.protobuf.FieldMask': 'field names separated by commas',
};

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof UnsafeInteger);
}
