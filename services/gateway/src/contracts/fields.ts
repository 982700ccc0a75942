import { getOption, type DescField, type DescMessage, type FileRegistry } from '@bufbuild/protobuf';

const OUTPUT_ONLY = 3;
const REQUIRED = 2;

/** The field that JSON calls `name`; proto3 JSON takes both spellings. */
export function fieldByJsonName(message: DescMessage, name: string): DescField | undefined {
  return message.fields.find((field) => field.jsonName === name || field.name === name);
}

/** What the contract says about a field in `google.api.field_behavior`. */
export class FieldBehaviors {
  readonly #outputOnly = new Map<DescField, boolean>();

  constructor(private readonly registry: FileRegistry) {}

  isOutputOnly(field: DescField): boolean {
    let known = this.#outputOnly.get(field);
    if (known === undefined) this.#outputOnly.set(field, (known = this.#has(field, OUTPUT_ONLY)));
    return known;
  }

  isRequired(field: DescField): boolean {
    return this.#has(field, REQUIRED);
  }

  #has(field: DescField, behavior: number): boolean {
    const extension = this.registry.getExtension('google.api.field_behavior');
    return extension !== undefined && (getOption(field, extension) as unknown as number[]).includes(behavior);
  }
}

/** The message inside a field, be it single, listed or a map's value. */
export function messageOf(field: DescField): DescMessage | undefined {
  return field.message ?? undefined;
}

/** Messages whose JSON is a single value (times, masks, wrappers, free JSON) and not an object with the message's fields. */
export function hasOwnJsonForm(message: DescMessage): boolean {
  return message.typeName.startsWith('google.protobuf.') && message.typeName !== 'google.protobuf.Empty';
}

/** Adding up `partner.tax_id` as callers write it: `partner.taxId`; unknown parts stay as they are. */
export function toJsonPath(message: DescMessage | undefined, path: string): string {
  let inside = message;
  return path
    .split('.')
    .map((part) => {
      const [, name = part, index = ''] = /^([^[]*)(\[.*)?$/.exec(part) ?? [];
      const field = inside && fieldByJsonName(inside, name);
      inside = field && messageOf(field);
      return (field?.jsonName ?? name) + index;
    })
    .join('.');
}
