import { createHash } from 'node:crypto';
import type {
  Metadata,
  MethodDefinition,
  sendUnaryData,
  ServerUnaryCall,
  ServiceDefinition,
  ServiceError,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { status as GrpcStatus } from '@grpc/grpc-js';
import { actorBy, checkPolicy, type Callers, type PolicyRow, type VerifyToken } from '@openprm/access';
import { PrmError, unauthenticated } from '@openprm/errors';
import { translate } from '@openprm/postgres';
import { registry } from '@openprm/contracts';
import type { Call } from './handlers';
import { toServiceError } from './status';
import { validatorOf } from './validation';

export interface Binding {
  verify: VerifyToken;
  callers: Callers;
  clock: () => Date;
  /** Told of errors nobody meant; they are answered with INTERNAL and nothing else. */
  onUnexpected: (error: unknown, method: string) => void;
}

type AnyHandler = (request: unknown, call: Call) => Promise<unknown>;
type Unary = MethodDefinition<unknown, unknown>;

const rawBytes = new WeakMap<object, Buffer>();

/** A service definition that keeps each request's bytes, and its handlers behind token, policy and validation. */
export function bind(
  binding: Binding,
  definition: object,
  handlers: object,
  policy: object,
): [ServiceDefinition, UntypedServiceImplementation] {
  const methods = Object.entries(definition as ServiceDefinition) as [string, Unary][];
  const kept = Object.fromEntries(methods.map(([name, method]) => [name, keepingBytes(method)]));
  const bound = Object.fromEntries(
    methods.map(([name, method]) => [
      name,
      bindOne(binding, method, (handlers as Record<string, AnyHandler>)[name]!, (policy as Record<string, PolicyRow>)[name]!),
    ]),
  );
  return [kept as unknown as ServiceDefinition, bound as UntypedServiceImplementation];
}

function keepingBytes(method: Unary): Unary {
  const requestDeserialize = (bytes: Buffer): unknown => {
    const request = method.requestDeserialize(bytes) as object;
    rawBytes.set(request, bytes);
    return request;
  };
  return { ...method, requestDeserialize };
}

function bindOne(binding: Binding, method: Unary, handler: AnyHandler, row: PolicyRow) {
  const name = method.path.slice(method.path.lastIndexOf('/') + 1);
  const validate = validatorOf(requestTypeOf(method.path));
  return (call: ServerUnaryCall<object, unknown>, answer: sendUnaryData<unknown>): void => {
    respond().then(
      (message) => answer(null, message),
      (error: unknown) => answer(toAnswer(binding, error, name)),
    );
    async function respond(): Promise<unknown> {
      const caller = await binding.callers.of(await binding.verify(bearerOf(call.metadata)));
      checkPolicy(caller, row);
      const bytes = rawBytes.get(call.request)!;
      const violation = validate(bytes);
      if (violation) throw violation;
      const requestId = (call.request as { requestId?: string }).requestId || undefined;
      const fingerprint = requestId ? createHash('sha256').update(name).update(bytes).digest('base64url') : '';
      const command = {
        actor: actorBy(caller, row),
        principal: caller.principal,
        method: name,
        now: binding.clock(),
        requestId,
        fingerprint,
      };
      return handler(call.request, { caller, command });
    }
  };
}

/** `/prm.order.v1.OrderService/GetOrder` names the method whose input is the request. */
function requestTypeOf(path: string): string {
  const [, service = '', method = ''] = path.split('/');
  const found = registry()
    .getService(service)
    ?.methods.find((each) => each.name === method);
  if (!found) throw new Error(`No method ${path} in the contracts.`);
  return found.input.typeName;
}

function bearerOf(metadata: Metadata): string {
  const header = metadata.get('authorization')[0];
  const token = typeof header === 'string' ? /^Bearer ([\w.~+/=-]{1,8192})$/i.exec(header)?.[1] : undefined;
  if (!token) throw unauthenticated();
  return token;
}

function toAnswer(binding: Binding, error: unknown, method: string): Partial<ServiceError> {
  const known = error instanceof PrmError ? error : translate(error);
  if (known instanceof PrmError) return toServiceError(known);
  binding.onUnexpected(error, method);
  return { code: GrpcStatus.INTERNAL, details: 'Something went wrong here. The trace id finds it in the logs.' };
}
