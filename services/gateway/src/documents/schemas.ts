import { ScalarType, type DescEnum, type DescField, type DescMessage, type FileRegistry } from '@bufbuild/protobuf';
import { FieldBehaviors } from '../contracts/fields';
import { describe } from './comments';
import { itemLimits, limits, rulesOf } from './field-rules';
import { makeSchemaNames } from './schema-names';

export type Schema = Record<string, unknown>;

/**
 * The same message looks different by direction. `answer`: every field without presence is there. `input`: nothing that only the
 * platform writes, required fields required. `patch`: as input, nothing required.
 */
export type Mode = 'answer' | 'input' | 'patch';

export interface SchemaOptions {
  /** JSON Schema of 2020 allows a description beside `$ref`, AsyncAPI's dialect does not. */
  describeRefs: boolean;
}

/** JSON Schemas of contract messages, collected as they are referred to. */
export class Schemas {
  readonly components: Record<string, Schema> = {};
  readonly behaviors: FieldBehaviors;
  readonly #nameOf: (desc: DescMessage | DescEnum) => string;

  constructor(
    readonly registry: FileRegistry,
    private readonly options: SchemaOptions,
  ) {
    this.behaviors = new FieldBehaviors(registry);
    this.#nameOf = makeSchemaNames(registry);
  }

  /** Reference to the message's schema, `without` some of its fields (those that the path says). */
  message(message: DescMessage, mode: Mode, without: string[] = []): Schema {
    const wellKnown = WELL_KNOWN[message.typeName];
    if (wellKnown) return wellKnown;
    const name = this.#nameOf(message) + (message.name.endsWith('Request') ? '' : SUFFIX[mode]);
    if (!this.components[name]) {
      this.components[name] = {};
      this.components[name] = this.#object(message, mode, without);
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  /** One field with its description and limits. */
  field(field: DescField, mode: Mode): Schema {
    const schema = { ...this.#value(field, mode), ...(mode === 'answer' ? {} : limits(rulesOf(field, this.registry))) };
    const description = describe(field);
    if (!description || ('$ref' in schema && !this.options.describeRefs)) return schema;
    return { ...schema, description };
  }

  #object(message: DescMessage, mode: Mode, without: string[]): Schema {
    const fields = message.fields.filter(
      (field) => !without.includes(field.name) && (mode === 'answer' || !this.behaviors.isOutputOnly(field)),
    );
    const required = fields.filter((field) => this.#isRequired(field, mode)).map((field) => field.jsonName);
    return {
      type: 'object',
      description: describe(message),
      properties: Object.fromEntries(fields.map((field) => [field.jsonName, this.field(field, mode)])),
      ...(required.length && { required }),
    };
  }

  #isRequired(field: DescField, mode: Mode): boolean {
    if (mode === 'patch') return false;
    if (mode === 'input') return this.behaviors.isRequired(field) || Boolean(rulesOf(field, this.registry)?.required);
    return field.fieldKind === 'list' || field.fieldKind === 'map' || (field.fieldKind !== 'message' && !field.oneof && !isOptional(field));
  }

  #value(field: DescField, mode: Mode): Schema {
    const one = this.#single(field, mode);
    if (field.fieldKind === 'map') return { type: 'object', additionalProperties: one };
    if (field.fieldKind !== 'list') return one;
    return { type: 'array', items: mode === 'answer' ? one : { ...one, ...itemLimits(rulesOf(field, this.registry)) } };
  }

  #single(field: DescField, mode: Mode): Schema {
    if (field.enum) return this.#enum(field.enum);
    if (field.message) return this.message(field.message, mode);
    return { ...SCALARS[field.scalar ?? ScalarType.STRING] };
  }

  #enum(type: DescEnum): Schema {
    if (type.typeName === 'google.protobuf.NullValue') return { type: 'null' };
    const name = this.#nameOf(type);
    this.components[name] ??= {
      type: 'string',
      enum: type.values.map((value) => value.name),
      description: [describe(type), ...type.values.map((value) => `- \`${value.name}\`: ${describe(value)}`)].join('\n'),
    };
    return { $ref: `#/components/schemas/${name}` };
  }
}

const SUFFIX = { answer: '', input: 'Input', patch: 'Patch' };
const EXPLICIT_PRESENCE = 1;

function isOptional(field: DescField): boolean {
  return field.presence === EXPLICIT_PRESENCE;
}

const integer: Schema = { type: 'integer', format: 'int32' };
const integerText: Schema = { type: 'string', format: 'int64' };
const SCALARS: Record<number, Schema> = {
  [ScalarType.STRING]: { type: 'string' },
  [ScalarType.BOOL]: { type: 'boolean' },
  [ScalarType.BYTES]: { type: 'string', contentEncoding: 'base64' },
  [ScalarType.DOUBLE]: { type: 'number', format: 'double' },
  [ScalarType.FLOAT]: { type: 'number', format: 'float' },
  [ScalarType.INT32]: integer,
  [ScalarType.SINT32]: integer,
  [ScalarType.SFIXED32]: integer,
  [ScalarType.UINT32]: { ...integer, minimum: 0 },
  [ScalarType.FIXED32]: { ...integer, minimum: 0 },
  [ScalarType.INT64]: integerText,
  [ScalarType.SINT64]: integerText,
  [ScalarType.SFIXED64]: integerText,
  [ScalarType.UINT64]: integerText,
  [ScalarType.FIXED64]: integerText,
};

const WELL_KNOWN: Record<string, Schema> = {
  'google.protobuf.Timestamp': { type: 'string', format: 'date-time' },
  'google.protobuf.Duration': { type: 'string', pattern: '^-?[0-9]+(\\.[0-9]{1,9})?s$' },
  'google.protobuf.FieldMask': { type: 'string' },
  'google.protobuf.Struct': { type: 'object', additionalProperties: true },
  'google.protobuf.Value': {},
  'google.protobuf.ListValue': { type: 'array', items: {} },
  'google.protobuf.Any': { type: 'object', additionalProperties: true },
  'google.protobuf.StringValue': { type: 'string' },
  'google.protobuf.BoolValue': { type: 'boolean' },
  'google.protobuf.Int32Value': integer,
  'google.protobuf.Int64Value': integerText,
  'google.protobuf.DoubleValue': { type: 'number', format: 'double' },
};
