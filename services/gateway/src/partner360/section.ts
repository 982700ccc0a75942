import { status, type MethodDefinition, type ServiceError } from '@grpc/grpc-js';
import { SectionState, type SectionStatus } from '@openprm/contracts/gateway';
import type { Call } from '../upstream/edge';

/** Asks one service one question on behalf of the caller. */
export type Ask = <Request, Response>(method: Method<Request, Response>, request: Request) => Promise<Response>;
type Method<Request, Response> = Pick<MethodDefinition<Request, Response>, 'path' | 'requestSerialize' | 'responseDeserialize'>;

/** What became of a question: content when OK, else the error. */
export interface Section<T> {
  status: SectionStatus;
  content?: T;
  error?: ServiceError;
  readAt: number;
}

/** Time to put the answer together and send it before the caller's own deadline. */
const MARGIN_MS = 50;

/** Questions in the name of `call`, all under its deadline, each asked once: a repeat would double the load of a service in trouble. */
export function askFor(call: Call, send: (call: Call) => Promise<Uint8Array>): Ask {
  return async (method, request) => {
    const answer = await send({
      ...call,
      path: method.path,
      request: method.requestSerialize(request),
      deadline: call.deadline - MARGIN_MS,
      repeatable: false,
    });
    return method.responseDeserialize(Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength));
  };
}

/** Waits for an answer and never fails. */
export async function toSection<T>(answer: Promise<T>): Promise<Section<T>> {
  try {
    return { content: await answer, status: OK, readAt: Date.now() };
  } catch (error) {
    return { error: error as ServiceError, status: toStatus((error as ServiceError).code), readAt: Date.now() };
  }
}

const OK: SectionStatus = { state: SectionState.OK, message: '', ageMs: 0 };

function toStatus(code: status): SectionStatus {
  if (code === status.DEADLINE_EXCEEDED) return failed(SectionState.TIMEOUT, 'The service took too long.');
  if (code === status.PERMISSION_DENIED || code === status.UNAUTHENTICATED)
    return failed(SectionState.DENIED, 'Your role does not allow this.');
  if (code === status.NOT_FOUND) return failed(SectionState.UNAVAILABLE, 'The service does not know this partner yet.');
  return failed(SectionState.UNAVAILABLE, 'The service does not answer at the moment.');
}

const failed = (state: SectionState, message: string): SectionStatus => ({ state, message, ageMs: 0 });

/** The status of a section with the age its content has by now. */
export function statusOf({ status: known, readAt }: Section<unknown>, now: number): SectionStatus {
  return { ...known, ageMs: Math.max(0, now - readAt) };
}

/** A section made of others is as good as the worst of them. */
export function worstOf(parts: Record<string, Section<unknown>>, now: number): SectionStatus {
  const missing = Object.entries(parts).filter(([, { status: each }]) => each.state !== SectionState.OK);
  const ageMs = Math.max(...Object.values(parts).map((part) => statusOf(part, now).ageMs));
  if (!missing.length) return { ...OK, ageMs };
  return { state: missing[0]![1].status.state, message: `Without ${missing.map(([name]) => name).join(', ')}.`, ageMs };
}
