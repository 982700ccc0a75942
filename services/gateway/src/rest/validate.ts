import { create, type DescMessage, type FileRegistry, type Message } from '@bufbuild/protobuf';
import type { Path } from '@bufbuild/protobuf/reflect';
import { createValidator, type Violation as RuleViolation } from '@bufbuild/protovalidate';
import type { Violation } from '../problems/problem';
import { maskField } from './update-mask';

export type Validate = (type: DescMessage, message: Message, body: string) => Violation[];

/** Checks the rules of the contract before a service is bothered. The services check again: the gateway is not their only caller. */
export function makeValidate(registry: FileRegistry): Validate {
  const patterns = new Map<string, RegExp>();
  const validator = createValidator({ registry, regexMatch: (pattern, text) => cached(patterns, pattern).test(text) });
  return (type, message, body) => {
    const result = validator.validate(type, message);
    if (result.kind === 'valid') return [];
    if (result.kind === 'error') throw result.error;
    return result.violations.filter((each) => isAsked(type, message, each)).map((each) => toViolation(each, type, body));
  };
}

/** The first check of a type costs milliseconds, the very first a tenth of a second: paid between requests, before anybody waits. */
export function warmUp(validate: Validate, types: DescMessage[]): void {
  const [type, ...rest] = types;
  if (!type) return;
  try {
    validate(type, create(type), '');
  } catch {
    // A rule that does not compile fails the request that needs it, with its name in the log.
  }
  setImmediate(warmUp, validate, rest);
}

/** Patterns come from our own linted contracts, so the platform's RegExp is safe, and five times faster than RE2. */
function cached(patterns: Map<string, RegExp>, pattern: string): RegExp {
  let made = patterns.get(pattern);
  if (!made) patterns.set(pattern, (made = new RegExp(pattern, 'u')));
  return made;
}

/** A partial update is not refused for fields it does not touch. */
function isAsked(type: DescMessage, message: Message, { field }: RuleViolation): boolean {
  const mask = maskField(type);
  const paths = mask && ((message as unknown as Record<string, { paths: string[] } | undefined>)[mask.localName]?.paths ?? []);
  const [resource, inner] = field;
  if (!paths?.length || resource?.kind !== 'field' || resource.fieldKind !== 'message' || inner?.kind !== 'field') return true;
  return paths.some((path) => path === inner.name || path.startsWith(`${inner.name}.`));
}

function toViolation(violation: RuleViolation, type: DescMessage, body: string): Violation {
  const [first, ...rest] = violation.field;
  const isBody = body !== '' && body !== '*' && first?.kind === 'field' && first.name === body && first.parent === type;
  const path = isBody && rest.length ? rest : violation.field;
  return { field: toText(path), description: violation.message || `breaks the rule ${violation.ruleId}` };
}

function toText(path: Path): string {
  let text = '';
  for (const part of path) {
    if (part.kind === 'list_sub') text += `[${part.index}]`;
    else if (part.kind === 'map_sub') text += `["${String(part.key)}"]`;
    else text += (text && '.') + ('jsonName' in part ? part.jsonName : part.name);
  }
  return text;
}
