import pg from 'pg';
import type { Broker, IncomingMessage } from './broker-port';
import { connectEmbedded } from './embedded';
import { describeBroker } from './testing/broker-contract';
import { eventually } from './testing/eventually';
import { quiet } from './testing/events';
import { testDatabases } from './testing/servers';

const databases = testDatabases();
let url: string;
const connect = (): Broker => connectEmbedded({ url, clientId: 'test', log: quiet, pollMs: 200 });

beforeAll(async () => {
  url = await databases.newDatabase();
});
afterAll(() => databases.close());

describe('the embedded bus', () => {
  describeBroker(() => ({ connect }));

  test('offsets of concurrent writers have no gap, and a reader misses none', async () => {
    const writers = Array.from({ length: 6 }, connect);
    const reader = connect();
    const seen: string[] = [];
    await reader.subscribe({
      group: 'gapless',
      topics: ['gapless'],
      fromBeginning: true,
      handle: async ({ messages, done }) => {
        seen.push(...messages.map((each) => each.offset));
        done(messages.at(-1)!);
      },
    });
    await Promise.all(
      writers.map(async (writer) => {
        for (let step = 0; step < 25; step++)
          await writer.publish([
            { topic: 'gapless', key: 'k', value: 'v', headers: {} },
            { topic: 'other', key: 'k', value: 'v', headers: {} },
          ]);
      }),
    );
    await eventually(() => expect(seen).toEqual(Array.from({ length: 150 }, (_, offset) => String(offset))));
    await Promise.all([...writers, reader].map((each) => each.close()));
  });

  test('a member whose connection is cut comes back and loses nothing', async () => {
    const broker = connect();
    const seen: IncomingMessage[] = [];
    await broker.subscribe({
      group: 'cut',
      topics: ['cut'],
      fromBeginning: true,
      handle: async ({ messages, done }) => {
        seen.push(...messages);
        done(messages.at(-1)!);
      },
    });
    for (let round = 0; round < 3; round++) {
      await broker.publish([{ topic: 'cut', key: 'k', value: String(round), headers: {} }]);
      await eventually(() => expect(new Set(seen.map((each) => each.value)).size).toBe(round + 1));
      await cutListeners();
    }
    await broker.close();
  });
});

async function cutListeners(): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client
    .query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and query not like 'commit%'`,
    )
    .finally(() => client.end());
}
