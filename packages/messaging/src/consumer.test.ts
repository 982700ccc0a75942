import { randomUUID } from 'node:crypto';
import { CustomerCreated, CustomerUpdated } from '@openprm/contracts/partnerdirectory';
import { failedPrecondition, unavailable } from '@openprm/errors';
import { newId, recordStatements, type Database, type OutboxRow, type Tx } from '@openprm/postgres';
import type { Broker } from './broker-port';
import { toMessage } from './cloud-event';
import { consumeOnce } from './consume-once';
import { startConsumer, type Consumer, type ConsumerOptions } from './consumer';
import { resetConsumer } from './consumer-state';
import { listDeadLetters, replayDeadLetter, replayDeadLetters } from './dead-letters';
import { connectEmbedded } from './embedded';
import { appendOutbox } from './outbox-row';
import { startRelay } from './relay';
import { on } from './subscriptions';
import { CUSTOMER_TOPIC, customerUpdated, namesFrom, quiet } from './testing/events';
import { eventually } from './testing/eventually';
import { testDatabases } from './testing/servers';

const NAME = 'test.references';
const databases = testDatabases();
let database: Database;
let broker: Broker;
let consumers: Consumer[] = [];

beforeEach(async () => {
  database = await databases.newServiceDatabase();
  broker = connectEmbedded({ url: await databases.newDatabase(), clientId: 'test', log: quiet, pollMs: 200 });
});

afterEach(async () => {
  await Promise.all(consumers.map((each) => each.stop()));
  consumers = [];
  await broker.close();
});

afterAll(() => databases.close());

type Effect = (tx: Tx, name: string) => Promise<void>;

const note: Effect = async (tx, name) => void (await tx.query('insert into effects (subject) values ($1)', [name]));

function givenConsumer(effect: Effect = note, options: Partial<ConsumerOptions> = {}): Consumer {
  const subscriptions = [on(CustomerUpdated, (tx, { customer }) => effect(tx, customer!.name))];
  const consumer = startConsumer({ database, broker, consumer: NAME, subscriptions, log: quiet, tickMs: 50, ...options });
  consumers.push(consumer);
  return consumer;
}

const publish = (...rows: OutboxRow[]): Promise<void> => broker.publish(rows.map(toMessage));

const effects = async (on = database): Promise<string[]> =>
  (await on.query<{ subject: string }[]>('select subject from effects order by place')).map((row) => row.subject);

/** What the server does by itself after 10 s: the transaction of a handler that hangs would hold its note in the inbox. */
async function endIdleTransactions(): Promise<void> {
  await database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state = 'idle in transaction' and state_change < now() - interval '500 ms'`,
  );
}

describe('applying', () => {
  test('events are applied in order, and each is noted in the inbox', async () => {
    const rows = namesFrom(0, 450).map((name) => customerUpdated('c-1', name));
    await publish(...rows);
    givenConsumer();
    await eventually(async () => expect(await effects()).toEqual(namesFrom(0, 450)));
    expect(await database.query('select count(*)::int as noted from inbox where consumer = $1', [NAME])).toEqual([{ noted: 450 }]);
  });

  test('a batch costs one note in the inbox for 200 events, not one each', async () => {
    await publish(...namesFrom(0, 400).map((name) => customerUpdated('c-1', name)));
    const statements = await recordStatements(async () => {
      givenConsumer();
      await eventually(async () => expect(await effects()).toHaveLength(400));
    });
    expect(statements.filter((sql) => sql.startsWith('insert into inbox'))).toHaveLength(2);
  });

  test('one that comes again, at once or later, has no second effect', async () => {
    const twice = customerUpdated('c-1', 'twice');
    givenConsumer();
    await publish(twice, twice, customerUpdated('c-1', 'between'), twice);
    await eventually(async () => expect(await effects()).toEqual(['twice', 'between']));
    await publish(twice, customerUpdated('c-1', 'after'));
    await eventually(async () => expect(await effects()).toEqual(['twice', 'between', 'after']));
  });

  test('types that nobody asked for and deletions of compacted topics are passed over', async () => {
    givenConsumer();
    const other = { ...customerUpdated('c-1', 'other'), type: CustomerCreated.$type };
    await broker.publish([toMessage(other), { ...toMessage(customerUpdated('c-1', 'x')), value: null as unknown as string }]);
    await publish(customerUpdated('c-1', 'wanted'));
    await eventually(async () => expect(await effects()).toEqual(['wanted']));
    expect(await listDeadLetters(database)).toEqual([]);
  });

  test('several types can share a handler', async () => {
    const subscriptions = [
      on([CustomerCreated, CustomerUpdated], (tx, { customer }, event) => note(tx, `${event.type.split('.').at(-1)} ${customer!.name}`)),
    ];
    givenConsumer(note, { subscriptions });
    await publish({ ...customerUpdated('c-1', 'a'), type: CustomerCreated.$type }, customerUpdated('c-1', 'b'));
    await eventually(async () => expect(await effects()).toEqual(['CustomerCreated a', 'CustomerUpdated b']));
  });

  test('what follows from an event is published with it', async () => {
    const relay = startRelay({ database, broker, log: quiet, pollMs: 3_600_000 });
    givenConsumer(async (tx, name) => {
      await note(tx, name);
      if (name === 'first') await appendOutbox(tx, [customerUpdated('c-2', 'follows')]);
    });
    await publish(customerUpdated('c-1', 'first'));
    await eventually(async () => expect(await effects()).toEqual(['first', 'follows']));
    await relay.stop();
  });

  test('those who asked are told after the commit', async () => {
    const told: string[] = [];
    givenConsumer(note, { afterCommit: (events) => told.push(...events.map((each) => each.subject)) });
    await publish(customerUpdated('c-1', 'a'), customerUpdated('c-2', 'b'));
    await eventually(() => expect(told).toEqual(['c-1', 'c-2']));
  });

  test('of two copies of a service one works, and the other goes on when it stops', async () => {
    const first = givenConsumer();
    await publish(customerUpdated('c-1', 'a'));
    await eventually(async () => expect(await effects()).toEqual(['a']));
    givenConsumer();
    await first.stop();
    await publish(customerUpdated('c-1', 'b'));
    await eventually(async () => expect(await effects()).toEqual(['a', 'b']));
  });
});

describe('refusing and retrying', () => {
  const refuse: Effect = async (tx, name) => {
    await note(tx, name);
    if (name.startsWith('bad')) throw failedPrecondition('NOT_LIKED', 'A rule says no.');
  };

  test('a rule’s no is final: the event goes to the dead letters with its reason, the others go on', async () => {
    const bad = customerUpdated('c-1', 'bad');
    await publish(customerUpdated('c-1', 'a'), bad, customerUpdated('c-1', 'b'));
    givenConsumer(refuse);
    await eventually(async () => expect(await effects()).toEqual(['a', 'b']));
    const letters = await listDeadLetters(database);
    expect(letters).toMatchObject([
      {
        consumer: NAME,
        topic: CUSTOMER_TOPIC,
        event_id: bad.event_id,
        key: 'c-1',
        value: bad.value,
        reason: 'NOT_LIKED',
        error: 'A rule says no.',
        replayed_at: null,
      },
    ]);
    expect(letters[0]!.headers).toMatchObject({ ce_type: bad.type, ce_subject: 'c-1' });
  });

  test('what cannot be read is final too, whatever bytes it has', async () => {
    const row = customerUpdated('c-1', 'x');
    const broken = ['{"customer": ', '[]', '{"customer": {"createTime": 7, "name": "\\u0000"}', 'nul \\u0000 text'];
    givenConsumer();
    await broker.publish(broken.map((value) => ({ ...toMessage({ ...row, event_id: randomUUID() }), value })));
    await publish(customerUpdated('c-1', 'readable'));
    await eventually(async () => expect(await effects()).toEqual(['readable']));
    expect((await listDeadLetters(database)).map((each) => each.reason)).toEqual(broken.map(() => 'UNDECODABLE'));
  });

  test('text that the database can never store is final', async () => {
    givenConsumer();
    await broker.publish([{ ...toMessage(customerUpdated('c-1', 'x')), value: '{"customer":{"id":"c-1","name":"nul \\u0000"}}' }]);
    await publish(customerUpdated('c-1', 'fine'));
    await eventually(async () => expect(await effects()).toEqual(['fine']));
    expect(await listDeadLetters(database)).toMatchObject([{ reason: 'UNSTORABLE' }]);
  });

  test.each([
    ['an unknown error', () => new Error('no idea')],
    ['a service that is away', () => unavailable('away')],
  ])('%s is retried while later events of the partition wait', async (_what, error) => {
    let failures = 3;
    await publish(customerUpdated('c-1', 'a'), customerUpdated('c-1', 'flaky'), customerUpdated('c-1', 'b'));
    givenConsumer(async (tx, name) => {
      await note(tx, name);
      if (name === 'flaky' && failures-- > 0) throw error();
    });
    await eventually(async () => expect(await effects()).toEqual(['a', 'flaky', 'b']));
    expect(await listDeadLetters(database)).toEqual([]);
  });

  test('a replayed letter is applied once its cause is gone', async () => {
    let strict = true;
    await publish(customerUpdated('c-1', 'bad'), customerUpdated('c-1', 'worse'));
    givenConsumer(async (tx, name) => {
      if (strict) throw failedPrecondition('NOT_LIKED', `Not ${name}.`);
      await note(tx, name);
    });
    await eventually(async () => expect(await listDeadLetters(database)).toHaveLength(2));
    const [first] = await listDeadLetters(database);
    await replayDeadLetter(database, first!.id);
    await eventually(async () =>
      expect((await listDeadLetters(database, { ids: [first!.id] }))[0]).toMatchObject({ replay_requested_at: null, replayed_at: null }),
    );
    strict = false;
    expect(await replayDeadLetters(database, { consumer: NAME })).toHaveLength(2);
    await eventually(async () => expect(await listDeadLetters(database)).toEqual([]));
    expect(await effects()).toEqual(['bad', 'worse']);
    expect(await listDeadLetters(database, { all: true })).toHaveLength(2);
    expect(await replayDeadLetters(database, { consumer: NAME })).toEqual([]);
  });

  test('a consumer that hangs is restarted and goes on', async () => {
    let hang = true;
    await publish(customerUpdated('c-1', 'stuck'));
    givenConsumer(
      async (tx, name) => {
        if (hang) {
          hang = false;
          await new Promise(() => {});
        }
        await note(tx, name);
      },
      { stallMs: 300 },
    );
    await eventually(() => expect(hang).toBe(false));
    await eventually(async () => {
      await endIdleTransactions();
      expect(await effects()).toEqual(['stuck']);
    });
  });
});

describe('starting over', () => {
  test('a fresh database reads everything, though the broker remembers the group', async () => {
    await publish(...namesFrom(0, 3).map((name) => customerUpdated('c-1', name)));
    const consumer = givenConsumer();
    await eventually(async () => expect(await effects()).toHaveLength(3));
    await consumer.stop();
    const fresh = await databases.newServiceDatabase();
    givenConsumer(note, { database: fresh });
    await eventually(async () => expect(await effects(fresh)).toEqual(namesFrom(0, 3)));
  });

  test('a restart in the same database reads nothing twice', async () => {
    await publish(customerUpdated('c-1', 'a'));
    const consumer = givenConsumer();
    await eventually(async () => expect(await effects()).toEqual(['a']));
    await consumer.stop();
    givenConsumer();
    await publish(customerUpdated('c-1', 'b'));
    await eventually(async () => expect(await effects()).toEqual(['a', 'b']));
  });

  test('a reset rebuilds the copies while two copies of the service run', async () => {
    await publish(...namesFrom(0, 3).map((name) => customerUpdated('c-1', name)));
    givenConsumer();
    givenConsumer();
    await eventually(async () => expect(await effects()).toHaveLength(3));
    await database.query('truncate effects');
    await resetConsumer(database, NAME);
    await eventually(async () => expect(await effects()).toEqual(namesFrom(0, 3)));
    await publish(customerUpdated('c-1', 'later'));
    await eventually(async () => expect(await effects()).toEqual([...namesFrom(0, 3), 'later']));
  });
});

describe('consumeOnce', () => {
  test('of ten at once for one event one acts', async () => {
    const id = newId();
    const results = await Promise.all(Array.from({ length: 10 }, () => consumeOnce(database, NAME, id, (tx) => note(tx, 'once'))));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await effects()).toEqual(['once']);
  });

  test('work that fails leaves nothing, and the event can come again', async () => {
    const id = newId();
    const failing = consumeOnce(database, NAME, id, async (tx) => {
      await note(tx, 'half');
      throw new Error('halfway');
    });
    await expect(failing).rejects.toThrow('halfway');
    expect(await effects()).toEqual([]);
    await expect(consumeOnce(database, NAME, id, (tx) => note(tx, 'whole'))).resolves.toBe(true);
  });

  test('two consumers each act on the same event', async () => {
    const id = newId();
    await consumeOnce(database, 'one', id, (tx) => note(tx, 'one'));
    await consumeOnce(database, 'two', id, (tx) => note(tx, 'two'));
    expect(await effects()).toEqual(['one', 'two']);
  });
});

test('one consumer cannot subscribe twice to a type', () => {
  const twice = [on(CustomerUpdated, async () => {}), on(CustomerUpdated, async () => {})];
  expect(() => startConsumer({ database, broker, consumer: NAME, subscriptions: twice, log: quiet })).toThrow('subscribes twice');
});
