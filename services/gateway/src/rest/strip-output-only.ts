import type { DescMessage } from '@bufbuild/protobuf';
import { fieldByJsonName, hasOwnJsonForm, type FieldBehaviors } from '../contracts/fields';

/**
 * A copy of the body without what only the platform may write, so that a record that was read can be sent back as it is, and nobody
 * sets a state by writing it.
 */
export function stripOutputOnly(message: DescMessage, json: unknown, behaviors: FieldBehaviors): unknown {
  if (!isPlainObject(json) || hasOwnJsonForm(message)) return json;
  const kept: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of Object.entries(json)) {
    const field = fieldByJsonName(message, key);
    if (field && behaviors.isOutputOnly(field)) continue;
    kept[key] = field?.message ? stripInside(field.message, field.fieldKind, value, behaviors) : value;
  }
  return kept;
}

function stripInside(message: DescMessage, kind: string, value: unknown, behaviors: FieldBehaviors): unknown {
  if (kind === 'list' && Array.isArray(value)) return value.map((item) => stripOutputOnly(message, item, behaviors));
  if (kind === 'map' && isPlainObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, stripOutputOnly(message, item, behaviors)]));
  }
  return stripOutputOnly(message, value, behaviors);
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}
