import { failedPrecondition } from '@openprm/errors';
import { givenDatabase } from '../src';
import {
  brokenAuditChains,
  createDecisionTables,
  loadAudit,
  migration,
  newId,
  openDatabase,
  run,
  saveDecision,
  transact,
  type Actor,
  type AuditEntry,
  type Command,
  type Database,
} from '@openprm/postgres';

const outbox = `create table outbox (id bigserial primary key, event_id uuid, topic text, key text, type text, subject text, occurred_at timestamptz, traceparent text, audience uuid[], value text)`;
const things = migration(
  'things1760000000001',
  `${createDecisionTables} ${outbox};
  create table things (id uuid primary key, version integer not null, state text not null, amount bigint not null, at timestamptz(3) not null, tags text[] not null, facts jsonb not null);
  create table parts (id uuid primary key, thing_id uuid not null, name text not null, quantity integer not null);`,
);

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  const made = await givenDatabase('things', [things]);
  drop = made.drop;
  database = await openDatabase({ url: made.url, name: 'test', migrations: [things], poolSize: 20, waitMs: 20_000, statementMs: 60_000 });
});
afterAll(async () => {
  await database.destroy();
  await drop();
});

const actor: Actor = { personId: newId(), name: 'Somebody', side: 'PARTNER', role: 'PARTNER_ASSOCIATE' };
const command = (requestId?: string, fingerprint = 'body'): Command => ({
  actor,
  principal: 'me@partner.example',
  method: 'Test',
  now: new Date(),
  fingerprint,
  ...(requestId && { requestId }),
});

interface Thing {
  id: string;
  version: number;
  state: string;
  amount: bigint;
}

function store(
  tx: Parameters<Parameters<typeof transact>[2]>[0],
  thing: Thing,
  expectedVersion: number | null,
  parts: string[] = [],
): Thing {
  const audit: AuditEntry = {
    aggregate: 'thing',
    aggregateId: thing.id,
    version: thing.version,
    at: new Date(),
    move: 'change',
    fromState: '',
    toState: thing.state,
    actor,
  };
  const event = {
    event_id: newId(),
    topic: 't',
    key: thing.id,
    type: `v${thing.version}`,
    subject: thing.id,
    occurred_at: new Date(),
    traceparent: null,
    audience: [thing.id],
    value: '{}',
  };
  saveDecision(tx, {
    changes: [
      {
        table: 'things',
        row: { ...thing, at: new Date('2026-01-02T03:04:05.678Z'), tags: ['a', 'b"c'], facts: { deep: [1, { x: 'y' }] } },
        expectedVersion,
        children: [
          {
            table: 'parts',
            ownerColumn: 'thing_id',
            ownerId: thing.id,
            rows: parts.map((name) => ({ id: newId(), thing_id: thing.id, name, quantity: 1 })),
          },
        ],
      },
    ],
    audit: [audit],
    outbox: [event],
  });
  return thing;
}

const create = (requestId?: string, fingerprint?: string): Promise<Thing> =>
  transact({ database }, command(requestId, fingerprint), async (tx) =>
    store(tx, { id: newId(), version: 1, state: 'NEW', amount: 9_007_199_254_740_993n }, null, ['one', 'two']),
  );

const change = (thing: Thing, state = 'OPEN'): Promise<Thing> =>
  transact({ database }, command(), async (tx) => store(tx, { ...thing, version: thing.version + 1, state }, thing.version, ['three']));

test('a decision is written whole: row, children, audit row, event', async () => {
  const thing = await create();
  await change(thing);
  expect(await run(database, 'select version, state, amount, at, tags, facts from things where id = $1', [thing.id])).toEqual([
    {
      version: 2,
      state: 'OPEN',
      amount: 9_007_199_254_740_993n,
      at: new Date('2026-01-02T03:04:05.678Z'),
      tags: ['a', 'b"c'],
      facts: { deep: [1, { x: 'y' }] },
    },
  ]);
  expect(await run(database, 'select name from parts where thing_id = $1', [thing.id])).toEqual([{ name: 'three' }]);
  expect((await loadAudit(database, thing.id)).map((entry) => entry.version)).toEqual([1, 2]);
  expect(await run(database, 'select type from outbox where key = $1 order by id', [thing.id])).toEqual([{ type: 'v1' }, { type: 'v2' }]);
  expect(await brokenAuditChains(database)).toEqual([]);
});

test('what is answered is committed', async () => {
  for (let round = 0; round < 20; round++) {
    const thing = await create();
    expect(await run(database, 'select 1 from things where id = $1', [thing.id])).toHaveLength(1);
  }
});

test('what was refused at the end leaves nothing', async () => {
  const id = newId();
  const work = transact({ database }, command(), async (tx) => {
    await run(tx, `insert into parts values ($1, $2, 'early', 1)`, [newId(), id]);
    store(tx, { id, version: 1, state: 'NEW', amount: 1n }, null);
    throw failedPrecondition('NO', 'No.');
  });
  await expect(work).rejects.toMatchObject({ reason: 'NO' });
  for (const [table, column] of [
    ['things', 'id'],
    ['parts', 'thing_id'],
    ['audit_log', 'aggregate_id'],
    ['outbox', 'key'],
  ]) {
    expect(await run(database, `select 1 from ${table} where ${column}::text = $1`, [id])).toEqual([]);
  }
});

test('of two commands on one version exactly one wins', async () => {
  const thing = await create();
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, (_, index) => change(thing, `S${index}`)));
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'ABORTED' });
});

test('of concurrent repeats one acts, and all get its answer', async () => {
  const before = Number((await run<{ count: bigint }>(database, 'select count(*) from things'))[0]!.count);
  const requestId = newId();
  const answers = await Promise.all(Array.from({ length: 8 }, () => create(requestId)));
  expect(new Set(answers.map((thing) => thing.id)).size).toBe(1);
  expect(answers[0]!.amount).toBe(9_007_199_254_740_993n);
  expect(Number((await run<{ count: bigint }>(database, 'select count(*) from things'))[0]!.count)).toBe(before + 1);
});

test('a key that was used for another request is refused', async () => {
  const requestId = newId();
  await create(requestId, 'one body');
  await expect(create(requestId, 'another body')).rejects.toMatchObject({ reason: 'IDEMPOTENCY_KEY_REUSED' });
});

test('five hundred inserts are one statement', async () => {
  const ids = await transact({ database }, command(), async (tx) =>
    Array.from({ length: 500 }, () => store(tx, { id: newId(), version: 1, state: 'NEW', amount: 1n }, null, ['p']).id),
  );
  expect((await run(database, 'select 1 from things where id = any($1::uuid[])', [ids])).length).toBe(500);
  expect((await run(database, 'select 1 from parts where thing_id = any($1::uuid[])', [ids])).length).toBe(500);
});
