import type { AddressInfo } from 'node:net';
import type { FileRegistry } from '@bufbuild/protobuf';
import express from 'express';
import { answerErrors } from '../src/rest/errors';
import { restRouter } from '../src/rest/router';
import { ProblemError } from '../src/problems/problem';
import { withLocalRpcs } from '../src/partner360/local';
import { Edges } from '../src/upstream/edges';

export interface RestApi {
  ask(
    method: string,
    path: string,
    options?: { body?: unknown; text?: string; headers?: Record<string, string>; token?: string | null },
  ): Promise<Reply>;
  stop(): Promise<void>;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers of every shape
export type Json = any;

export interface Reply {
  status: number;
  headers: Headers;
  /** Parsed JSON, or undefined. */
  json: Json;
}

/** The REST layer of the gateway over the given registry, with every package at one address. */
export async function givenRest(registry: FileRegistry, addresses: Record<string, string>, deadlines = {}): Promise<RestApi> {
  const edges = new Edges(addresses, 50);
  const app = express();
  const logged: unknown[] = [];
  app.use(
    restRouter({
      registry,
      invoke: withLocalRpcs((call) => edges.call(call)),
      deadlines: { read: 800, write: 3000, import: 3000, view360: 3000, ...deadlines },
      bodyLimit: 1024 * 1024,
    }),
  );
  app.use(() => {
    throw new ProblemError('NOT_FOUND', 'There is nothing here.');
  });
  app.use(answerErrors((message, fields) => logged.push({ message, fields })));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ask: (method, path, options) => ask(base, method, path, options),
    stop: async () => {
      edges.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function ask(base: string, method: string, path: string, options: Parameters<RestApi['ask']>[2] = {}): Promise<Reply> {
  const { body, text = body === undefined ? undefined : JSON.stringify(body), headers = {}, token = 'a.b.c' } = options;
  const answer = await fetch(base + path, {
    method,
    headers: {
      ...(text !== undefined && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(text !== undefined && { body: text }),
    redirect: 'manual',
  });
  const raw = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    json: raw && /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(raw) : undefined,
  };
}
