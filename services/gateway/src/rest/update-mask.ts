import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { fieldByJsonName } from '../contracts/fields';
import { invalid } from '../problems/problem';
import { isPlainObject } from './strip-output-only';

/** The request's field mask, if it has one: such a request is an update. */
export function maskField(message: DescMessage): DescField | undefined {
  return message.fields.find((field) => field.fieldKind === 'message' && field.message.typeName === 'google.protobuf.FieldMask');
}

/**
 * A PATCH changes what its body names, `null` clears. Lists and nested objects are replaced whole, hence only the top level.
 * Nothing is added where the caller sent a mask. An empty mask would mean "everything" to some services, so a body that names nothing
 * that can be changed is refused.
 */
export function addImplicitMask(
  message: DescMessage,
  body: unknown,
  bodyField: DescField | undefined,
  json: Record<string, unknown>,
): void {
  const mask = maskField(message);
  const resource = bodyField?.message;
  if (!mask || !resource || json[mask.jsonName] !== undefined || !isPlainObject(body)) return;
  const named = Object.keys(body).flatMap((key) => fieldByJsonName(resource, key)?.jsonName ?? []);
  if (!Object.keys(body).length) throw invalid([], 'The body names no field that can be changed.');
  if (named.length) json[mask.jsonName] = [...new Set(named)].join(',');
}
