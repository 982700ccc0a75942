import type { handleUnaryCall } from '@grpc/grpc-js';
import type { Caller, PolicyRow } from '@openprm/access';
import type { Command } from '@openprm/postgres';

/** Method names of a generated server interface, without the index signature that grpc-js asks for. */
export type MethodsOf<Server> = { [K in keyof Server as string extends K ? never : number extends K ? never : K]: Server[K] };

/** What a handler knows of the call besides its message. */
export interface Call {
  caller: Caller;
  /** For use cases that write; `requestId` comes from the message's field of that name. */
  command: Command;
}

/** One async function per RPC. */
export type Handlers<Server> = {
  [K in keyof MethodsOf<Server>]: MethodsOf<Server>[K] extends handleUnaryCall<infer Request, infer Response>
    ? (request: Request, call: Call) => Promise<Response>
    : never;
};

/** One row per RPC: an RPC without one does not compile. */
export type Policy<Server> = { [K in keyof MethodsOf<Server>]: PolicyRow };
