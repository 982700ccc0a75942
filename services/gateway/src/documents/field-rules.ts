import { getOption, type DescField, type FileRegistry } from '@bufbuild/protobuf';
import type { Schema } from './schemas';

/** `buf.validate.FieldRules` as the dynamic registry decodes it; unset scalars read as zero. */
interface FieldRules {
  required: boolean;
  ignore: number;
  type: { case?: string; value?: TypeRules };
}

interface TypeRules {
  minLen: bigint;
  maxLen: bigint;
  len: bigint;
  pattern: string;
  in: string[];
  wellKnown: { case?: 'email' | 'hostname' | 'uri' | 'uuid' };
  minItems: bigint;
  maxItems: bigint;
  maxPairs: bigint;
  unique: boolean;
  items?: FieldRules;
  lessThan: { case?: string; value?: number | bigint };
  greaterThan: { case?: string; value?: number | bigint };
}

export function rulesOf(field: DescField, registry: FileRegistry): FieldRules | undefined {
  const extension = registry.getExtension('buf.validate.field');
  return extension && (getOption(field, extension) as unknown as FieldRules);
}

/** Limits of a value in words of JSON Schema. */
export function limits(rules: FieldRules | undefined): Schema {
  const { case: kind, value } = rules?.type ?? {};
  if (!rules || !kind || !value) return {};
  if (kind === 'string') return stringLimits(value, rules.ignore !== 0);
  if (kind === 'int32') return numberLimits(value);
  if (kind === 'repeated')
    return defined({ minItems: positive(value.minItems), maxItems: positive(value.maxItems), uniqueItems: value.unique || undefined });
  if (kind === 'map') return defined({ maxProperties: positive(value.maxPairs) });
  return {};
}

/** Limits of the elements of a list. */
export function itemLimits(rules: FieldRules | undefined): Schema {
  return rules?.type.case === 'repeated' ? limits(rules.type.value?.items) : {};
}

/** A rule that passes over the empty text must not be shown as a pattern that the empty text breaks. */
function stringLimits(rules: TypeRules, mayBeEmpty: boolean): Schema {
  const length = positive(rules.len);
  return defined({
    minLength: mayBeEmpty ? undefined : (length ?? positive(rules.minLen)),
    maxLength: length ?? positive(rules.maxLen),
    pattern: mayBeEmpty ? undefined : rules.pattern || undefined,
    enum: rules.in.length && !mayBeEmpty ? rules.in : undefined,
    format: rules.wellKnown.case,
  });
}

function numberLimits({ lessThan, greaterThan }: TypeRules): Schema {
  const bound = (rule: TypeRules['lessThan'], name: string) => (rule.case === name ? Number(rule.value) : undefined);
  return defined({
    minimum: bound(greaterThan, 'gte'),
    exclusiveMinimum: bound(greaterThan, 'gt'),
    maximum: bound(lessThan, 'lte'),
    exclusiveMaximum: bound(lessThan, 'lt'),
  });
}

function positive(value: bigint): number | undefined {
  return value ? Number(value) : undefined;
}

function defined(schema: Schema): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
}
