import { fromBinary, isMessage, type DescMessage, type Message } from '@bufbuild/protobuf';
import { pathToString } from '@bufbuild/protobuf/reflect';
import { FieldMaskSchema } from '@bufbuild/protobuf/wkt';
import { createValidator, type Violation as RuleViolation } from '@bufbuild/protovalidate';
import { registry } from '@openprm/contracts';
import { invalidFields, type PrmError } from '@openprm/errors';

const validator = createValidator({ registry: registry() });

/** Checks one request message against its `buf.validate` rules; null when all hold. */
export type Validate = (bytes: Uint8Array) => PrmError | null;

export function validatorOf(typeName: string): Validate {
  const schema = registry().getMessage(typeName);
  if (!schema) throw new Error(`No message ${typeName} in the contracts.`);
  const validate: Validate = (bytes) => check(schema, fromBinary(schema, bytes));
  // The first validation of a type builds its plan; better now than in somebody's request.
  validate(new Uint8Array());
  return validate;
}

function check(schema: DescMessage, message: Message): PrmError | null {
  const result = validator.validate(schema, message);
  if (result.kind === 'valid') return null;
  if (result.kind === 'error') throw result.error;
  const masked = maskedPaths(schema, message);
  const violations = result.violations.filter((each) => !masked || masked(pathOf(each)));
  if (violations.length === 0) return null;
  return invalidFields(
    violations.map((each) => ({ field: pathOf(each), description: each.message, reason: each.ruleId.toUpperCase().replaceAll('.', '_') })),
  );
}

const pathOf = (violation: RuleViolation): string => pathToString(violation.field);

/** An update names the fields it changes: rules of the others say nothing about it. */
function maskedPaths(schema: DescMessage, message: Message): ((path: string) => boolean) | null {
  const mask = schema.fields.find((field) => field.message?.typeName === FieldMaskSchema.typeName);
  const resource = schema.fields.find((field) => field.fieldKind === 'message' && field !== mask);
  const value = mask && (message as unknown as Record<string, unknown>)[mask.localName];
  if (!mask || !resource || !isMessage(value, FieldMaskSchema) || value.paths.length === 0) return null;
  const prefixes = value.paths.map((path) => `${resource.name}.${path}`);
  return (path) =>
    !path.startsWith(`${resource.name}.`) ||
    prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`));
}
