import type { Broker, IncomingMessage, OutgoingMessage, SubscribeOptions, Subscription } from '../broker-port';
import { GroupBusyError } from '../group-busy';
import { eventually } from './eventually';
import { namesFrom } from './events';

export interface Stage {
  /** One more client of the same broker. */
  connect(): Broker;
}

/** What every broker promises; run on each of them. */
export function describeBroker(stage: () => Stage): void {
  let number = 0;
  let topic: string;
  let group: string;
  let brokers: Broker[] = [];
  let broker: Broker;

  beforeEach(async () => {
    number += 1;
    topic = `test.v1.topic${number}`;
    group = `test.group${number}`;
    broker = connect();
    await broker.ensureTopics([{ topic, compacted: false, types: [] }]);
  });

  afterEach(async () => {
    await Promise.all(brokers.map((each) => each.close()));
    brokers = [];
  });

  function connect(): Broker {
    const made = stage().connect();
    brokers.push(made);
    return made;
  }

  const publish = (values: string[], key: (value: string, index: number) => string = () => 'k'): Promise<void> =>
    broker.publish(
      values.map((value, index): OutgoingMessage => ({
        topic,
        key: key(value, index),
        value,
        headers: { ce_type: 't', traceparent: '00-x-y-01' },
      })),
    );

  /** Reads everything into a list, unless told otherwise. */
  async function subscribe(seen: IncomingMessage[], options: Partial<SubscribeOptions> & { on?: Broker } = {}): Promise<Subscription> {
    return (options.on ?? broker).subscribe({
      group,
      topics: [topic],
      fromBeginning: true,
      handle: async (batch) => {
        for (const message of batch.messages) {
          if (!batch.isLive()) return;
          seen.push(message);
          batch.done(message);
        }
      },
      ...options,
    });
  }

  const values = (seen: IncomingMessage[]): (string | null)[] => seen.map((each) => each.value);

  test('a group reads all that was there before it and all that comes', async () => {
    const seen: IncomingMessage[] = [];
    await publish(namesFrom(0, 3));
    await subscribe(seen);
    await eventually(() => expect(seen).toHaveLength(3), 20_000);
    await publish(namesFrom(3, 2));
    await eventually(() => expect(values(seen)).toEqual(namesFrom(0, 5)));
    expect(seen[0]).toMatchObject({ topic, key: 'k', value: 'v0', headers: { ce_type: 't', traceparent: '00-x-y-01' } });
  });

  test('messages of one key keep their order', async () => {
    const seen: IncomingMessage[] = [];
    await subscribe(seen);
    for (let from = 0; from < 300; from += 100) await publish(namesFrom(from, 100), (_, index) => `k${index % 7}`);
    await eventually(() => expect(seen).toHaveLength(300), 20_000);
    for (const messages of Map.groupBy(seen, (each) => each.key).values()) {
      const numbers = messages.map((each) => Number(each.value?.slice(1)));
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    }
  });

  test('a group goes on where it stopped', async () => {
    const first: IncomingMessage[] = [];
    await publish(namesFrom(0, 3));
    const subscription = await subscribe(first);
    await eventually(() => expect(first).toHaveLength(3), 20_000);
    await subscription.stop();
    await publish(namesFrom(3, 2));
    const second: IncomingMessage[] = [];
    await subscribe(second);
    await eventually(() => expect(values(second)).toEqual(['v3', 'v4']), 20_000);
    await eventually(async () => expect(await broker.lag(group, [topic])).toBe(0));
  });

  test('two groups read the same independently', async () => {
    const mine: IncomingMessage[] = [];
    const theirs: IncomingMessage[] = [];
    await subscribe(mine);
    await subscribe(theirs, { group: `${group}.other` });
    await publish(namesFrom(0, 4));
    await eventually(() => expect([values(mine), values(theirs)]).toEqual([namesFrom(0, 4), namesFrom(0, 4)]), 20_000);
  });

  test('two members share the work, and one takes over when the other leaves', async () => {
    const seen: IncomingMessage[] = [];
    const one = await subscribe(seen);
    await publish(namesFrom(0, 60), (value) => value);
    await eventually(() => expect(seen).toHaveLength(60), 20_000);
    await subscribe(seen, { on: connect() });
    await publish(namesFrom(60, 60), (value) => value);
    await eventually(() => expect(new Set(values(seen)).size).toBe(120), 20_000);
    await one.stop();
    await publish(namesFrom(120, 60), (value) => value);
    await eventually(() => expect(new Set(values(seen)).size).toBe(180), 20_000);
    expect(seen).toHaveLength(180);
  });

  test('what a handler could not do comes again, from the first that is not done', async () => {
    const seen: string[] = [];
    let failures = 3;
    await publish(namesFrom(0, 4));
    await subscribe([], {
      handle: async (batch) => {
        for (const message of batch.messages) {
          if (message.value === 'v2' && failures-- > 0) throw new Error('not now');
          seen.push(message.value!);
          batch.done(message);
        }
      },
    });
    await eventually(() => expect(seen).toEqual(namesFrom(0, 4)), 20_000);
    expect(failures).toBe(-1);
  });

  test('a group that starts anew reads everything again; not while it has members', async () => {
    const first: IncomingMessage[] = [];
    await publish(namesFrom(0, 3));
    const subscription = await subscribe(first);
    await eventually(() => expect(first).toHaveLength(3), 20_000);
    await expect(broker.resetGroup(group)).rejects.toThrow(GroupBusyError);
    await subscription.stop();
    await broker.resetGroup(group);
    const second: IncomingMessage[] = [];
    await subscribe(second);
    await eventually(() => expect(values(second)).toEqual(namesFrom(0, 3)), 20_000);
  });

  test('a group that is unknown can start anew', async () => {
    await expect(broker.resetGroup(`${group}.never-seen`)).resolves.toBeUndefined();
  });

  test('a group that wants only what is new does not read what is old', async () => {
    const seen: IncomingMessage[] = [];
    await publish(['old'], () => 'k');
    const subscription = await subscribe(seen, { fromBeginning: false });
    await eventually(async () => expect(await subscription.lag()).toBe(0));
    let sent = 0;
    await eventually(async () => {
      await publish([`new ${sent++}`]);
      expect(seen.length).toBeGreaterThan(0);
    }, 20_000);
    expect(values(seen)).not.toContain('old');
  });

  test('the lag counts what is still to be read', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await publish(namesFrom(0, 5));
    const subscription = await subscribe([], {
      handle: async (batch) => {
        await held;
        batch.done(batch.messages.at(-1)!);
      },
    });
    await eventually(async () => expect(await subscription.lag()).toBe(5), 20_000);
    release();
    await eventually(async () => expect([await subscription.lag(), await broker.lag(group, [topic])]).toEqual([0, 0]), 20_000);
  });

  test('topics that are there already are no error', async () => {
    await broker.ensureTopics([{ topic, compacted: false, types: [] }]);
  });
}
