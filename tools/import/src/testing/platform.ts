import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Item {
  externalId: string;
  partnerId?: string;
  staffMember?: { email: string };
  [field: string]: unknown;
}

/** A stand-in for a platform: takes what the import methods take, keeps it by external id, and can be told to misbehave. */
export interface TestPlatform {
  url: string;
  /** Items taken so far, by path and external id. */
  taken: Map<string, Map<string, Item>>;
  requests: { path: string; items: Item[]; validateOnly: boolean }[];
  /** Answers a request in place of the platform when it gives a status; 0 cuts the connection. */
  misbehave: (path: string, items: Item[]) => number | null;
  /** Refuses an item when it gives a violation. */
  refuse: (path: string, item: Item) => { field: string; reason: string; description: string } | null;
  stop(): Promise<void>;
}

export async function givenPlatform(): Promise<TestPlatform> {
  const server = createServer((request, response) => void answer(platform, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const platform: TestPlatform = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken: new Map(),
    requests: [],
    misbehave: () => null,
    refuse: () => null,
    stop: () => stop(server),
  };
  return platform;
}

const stop = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });

async function answer(platform: TestPlatform, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url!.split('?')[0]!;
  if (request.method === 'GET') return send(response, 200, { staff: staffOf(platform) });
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { items, validateOnly } = JSON.parse(Buffer.concat(chunks).toString()) as { items: Item[]; validateOnly: boolean };
  platform.requests.push({ path, items, validateOnly });
  const status = platform.misbehave(path, items);
  // A connection that breaks after the work was done is the worst case: the sender cannot know.
  if (status === 0) {
    take(platform, path, items, validateOnly);
    return void request.socket.destroy();
  }
  if (status !== null) return send(response, status, { reason: 'TEST', detail: 'as the test wants it' });
  send(response, 200, {
    results: take(platform, path, items, validateOnly).map((result) =>
      path === '/v1/deals:import' ? { result, opportunityId: `opp-${result.id}` } : result,
    ),
  });
}

function take(platform: TestPlatform, path: string, items: Item[], validateOnly: boolean) {
  const kept = platform.taken.get(path) ?? new Map<string, Item>();
  if (!validateOnly) platform.taken.set(path, kept);
  return items.map((item) => {
    const { externalId } = item;
    const violation = kept.has(externalId) ? null : platform.refuse(path, item);
    if (violation) return { externalId, outcome: 'IMPORT_OUTCOME_REFUSED', id: '', violations: [violation] };
    const outcome = kept.has(externalId) ? 'IMPORT_OUTCOME_UNCHANGED' : 'IMPORT_OUTCOME_CREATED';
    if (!validateOnly) kept.set(externalId, item);
    return { externalId, outcome, id: `id-${externalId}`, violations: [] };
  });
}

const staffOf = (platform: TestPlatform) =>
  [...(platform.taken.get('/v1/staff:import')?.values() ?? [])].map(({ staffMember }) => ({
    email: staffMember!.email,
    personId: `person-${staffMember!.email}`,
  }));

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
