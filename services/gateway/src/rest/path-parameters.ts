import type { DescMessage } from '@bufbuild/protobuf';
import { fieldByJsonName } from '../contracts/fields';
import type { Violation } from '../problems/problem';
import { isPlainObject } from './strip-output-only';

/**
 * Puts what the path says into the request's JSON. The path names the record; a body that names another one is a mistake and not
 * something to overrule silently.
 */
export function mergePath(message: DescMessage, parameters: Record<string, string>, json: Record<string, unknown>): Violation[] {
  return Object.entries(parameters).flatMap(([path, value]) => {
    const names = toJsonNames(message, path);
    let into = json;
    for (const { jsonName } of names.slice(0, -1)) {
      // A body that is no object is reported by the reader.
      if (into[jsonName] !== undefined && !isPlainObject(into[jsonName])) return [];
      into = (into[jsonName] ??= {}) as Record<string, unknown>;
    }
    const { jsonName, name } = names.at(-1)!;
    const given = into[jsonName] ?? into[name];
    if (name !== jsonName) delete into[name];
    into[jsonName] = value;
    return given === undefined || given === value ? [] : [{ field: jsonName, description: 'differs from the path' }];
  });
}

function toJsonNames(message: DescMessage, path: string): { jsonName: string; name: string }[] {
  let inside: DescMessage | undefined = message;
  return path.split('.').map((part) => {
    const field = inside && fieldByJsonName(inside, part);
    if (!field) throw new Error(`${message.typeName} has no field ${path}, which its HTTP path names`);
    inside = field.message;
    return { jsonName: field.jsonName, name: field.name };
  });
}
