import { getOption, type DescExtension, type DescMethod, type FileRegistry } from '@bufbuild/protobuf';

/** `google.api.HttpRule` as the dynamic registry decodes it. */
interface HttpRule {
  pattern: { case?: 'get' | 'put' | 'post' | 'delete' | 'patch' | 'custom'; value?: string };
  body: string;
  responseBody: string;
  additionalBindings: HttpRule[];
}

export type HttpVerb = 'get' | 'put' | 'post' | 'delete' | 'patch';

/** One way over HTTP into one RPC. */
export interface Route {
  verb: HttpVerb;
  /** As in the contract, e.g. `/v1/partners/{partner.id}`. */
  template: string;
  /** `*`, the request field that is the body, or empty: no body. */
  body: string;
  /** The answer's field that is sent back; empty for the whole answer. */
  responseBody: string;
  rpc: DescMethod;
  /** 0 for the main binding. */
  binding: number;
}

/** Every HTTP route of every `prm.*` service, the more specific path first. */
export function routesOf(registry: FileRegistry): Route[] {
  const http = registry.getExtension('google.api.http');
  if (!http) return [];
  return rpcsOf(registry)
    .flatMap((rpc) => bindingsOf(rpc, http))
    .sort(moreSpecificFirst);
}

function rpcsOf(registry: FileRegistry): DescMethod[] {
  return [...registry]
    .filter((desc) => desc.kind === 'service')
    .filter((service) => service.typeName.startsWith('prm.'))
    .flatMap((service) => service.methods);
}

function bindingsOf(rpc: DescMethod, http: DescExtension): Route[] {
  const rule = getOption(rpc, http) as unknown as HttpRule;
  if (!rule.pattern.case) return [];
  if (rpc.methodKind !== 'unary') throw new Error(`${rpc} streams: only unary RPCs can have google.api.http`);
  return [rule, ...rule.additionalBindings].map((each, binding) => toRoute(rpc, each, binding));
}

function toRoute(rpc: DescMethod, rule: HttpRule, binding: number): Route {
  const { case: verb, value: template } = rule.pattern;
  if (!verb || verb === 'custom' || !template) throw new Error(`${rpc}: unsupported HTTP binding`);
  if (/\{[^}]*[=*]/.test(template)) throw new Error(`${rpc}: only {field} is supported in a path, not ${template}`);
  return { verb, template, body: rule.body, responseBody: rule.responseBody, rpc, binding };
}

/** `/deals/{id}` would also take `/deals/7:approve`, and `/deals/{id}` `/deals/newest`: those have to come first. */
function moreSpecificFirst(a: Route, b: Route): number {
  const left = a.template.split('/');
  const right = b.template.split('/');
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = rank(left[i]) - rank(right[i]);
    if (order !== 0) return order;
  }
  return a.template < b.template ? -1 : a.template > b.template ? 1 : 0;
}

function rank(segment: string | undefined): number {
  if (segment === undefined) return 3;
  if (!segment.includes('{')) return 0;
  return segment.includes('}:') ? 1 : 2;
}

/** Field paths in a template: `/v1/partners/{partner.id}` -> `partner.id`. */
export function pathFields(template: string): string[] {
  return [...template.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]!);
}
