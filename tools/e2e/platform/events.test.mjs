// Events as an integrator meets them: real Kafka, a stock client, /asyncapi.json, and nothing of ours.
import { randomUUID } from 'node:crypto';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { missingForDocker } from '../../up/docker-kafka.mjs';
import { missingForKafka } from '../../up/kafka.mjs';
import { startPlatform } from '../../up/platform.mjs';
import { inDatabase } from '../in-database.mjs';
import { readTopics, stockClient } from '../kafka-reader.mjs';
import { steps } from '../life.mjs';
import { eventually } from '../person.mjs';
import { deadLetters } from '../run-dead-letters.mjs';
import { makeWorld } from '../world.mjs';

const reasons = process.env.KAFKA_BROKERS ? [] : await Promise.all([missingForDocker(), missingForKafka()]);
const noKafka = reasons.length > 0 && reasons.every(Boolean);
if (noKafka) console.warn(`Events are not read from Kafka here: ${reasons.join('; ')}.`);

const migrate = (service) => fileURLToPath(new URL(`../../../services/${service}/dist/migrate.js`, import.meta.url));
const short = (type) => type.split('.').at(-1);

(noKafka ? describe.skip : describe)('on Kafka', () => {
  let platform;
  let world;
  let asyncApi;
  let delivered;
  /** Without repeats. */
  let messages;
  beforeAll(async () => {
    platform = await startPlatform({ durable: false, kafkaBrokers: process.env.KAFKA_BROKERS });
    world = await makeWorld(platform);
    for (const step of steps.filter(({ name }) => !name.startsWith('fifty'))) await step.play(world);
    asyncApi = await (await fetch(`${platform.gateway}/asyncapi.json`)).json();
    delivered = await eventually(readLife, { seconds: 30 });
    messages = [...new Map([...delivered].reverse().map((message) => [message.headers.ce_id, message])).values()].reverse();
  }, 300_000);
  afterAll(() => platform?.stop(), 60_000);

  const topics = () => Object.values(asyncApi.channels).map(({ address }) => address);

  /** The relay may still have some to send. */
  async function readLife() {
    const all = await readTopics(platform.broker.kafkaBrokers, topics());
    const types = new Set(
      all.filter(({ key }) => [world.opportunity.id, world.case.id].includes(key)).map(({ headers }) => short(headers.ce_type)),
    );
    for (const last of ['OpportunityWon', 'CaseResolved'])
      if (!types.has(last)) throw new Error(`${last} is not on Kafka yet, only ${[...types]}`);
    return all;
  }

  const lifeOf = (topic, key) => messages.filter((message) => message.topic === topic && message.key === key);

  test('every topic that asyncapi.json names is there', async () => {
    const admin = stockClient(platform.broker.kafkaBrokers).admin();
    await admin.connect();
    const existing = await admin.listTopics();
    await admin.disconnect();
    expect(topics().filter((topic) => !existing.includes(topic))).toEqual([]);
    expect(existing.filter((topic) => topic.startsWith('prm.')).sort()).toEqual(topics().sort());
  });

  test.each([
    ['prm.dealregistration.v1.deal', 'deal', ['DealCreated', 'DealSubmitted', 'DealTaken', 'DealApproved', 'DealConverted']],
    ['prm.dealregistration.v1.opportunity', 'opportunity', ['OpportunityCreated', 'OpportunityWon']],
    [
      'prm.quoting.v1.quote',
      'quote',
      ['QuoteCreated', 'QuotePriced', 'QuoteApprovalRequested', 'QuoteApproved', 'QuoteAccepted', 'QuoteOrdered'],
    ],
    [
      'prm.order.v1.order',
      'order',
      ['OrderCreated', 'OrderSubmitted', 'OrderReviewRequested', 'OrderApproved', 'OrderFulfilmentStarted', 'OrderLineFulfilled'],
    ],
    ['prm.supportcase.v1.case', 'case', ['CaseCreated', 'CaseResolved']],
  ])('%s tells the life of a record in order, under its id', (topic, name, wanted) => {
    const life = lifeOf(topic, world[name].id);
    const types = [...new Set(life.map(({ headers }) => short(headers.ce_type)))];
    expect(types.filter((type) => wanted.includes(type))).toEqual(wanted);
    expect(new Set(life.map(({ partition }) => partition)).size).toBe(1);
    const versions = life.map(({ value }) => Object.values(value)[0].updateTime);
    expect([...versions].sort()).toEqual(versions);
    for (const { value } of life) expect(Object.values(value)[0].id).toBe(world[name].id);
  });

  test('each message carries CloudEvents headers, and ce_id tells repeats', () => {
    for (const { headers, key, value } of messages) {
      expect(headers).toMatchObject({
        ce_specversion: '1.0',
        ce_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        ce_type: expect.stringMatching(/^prm\.[a-z]+\.v1\.[A-Z][A-Za-z]+$/),
        ce_source: expect.stringMatching(/^\/openprm\/[a-z]+$/),
        ce_subject: key,
        'content-type': 'application/json',
      });
      expect(new Date(headers.ce_time).toISOString().slice(0, 19)).toBe(headers.ce_time.slice(0, 19));
      expect(value).toEqual(expect.any(Object));
    }
    // Delivery is at least once: a repeat is the same event under the same key.
    for (const { headers, key, value } of delivered)
      expect(messages.find((each) => each.headers.ce_id === headers.ce_id)).toMatchObject({ key, value });
  });

  test('each message is what asyncapi.json says', () => {
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats(ajv);
    ajv.addSchema(asyncApi, 'doc:asyncapi');
    const faults = new Map();
    for (const { topic, headers, value } of messages) {
      const channel = Object.values(asyncApi.channels).find(({ address }) => address === topic);
      expect(Object.keys(channel.messages)).toContain(short(headers.ce_type));
      for (const [part, content] of [
        ['payload', value],
        ['headers', headers],
      ]) {
        const check = ajv.getSchema(`doc:asyncapi#/components/messages/${headers.ce_type}/${part}`);
        if (!check(content)) faults.set(`${headers.ce_type} ${part}`, ajv.errorsText(check.errors));
      }
    }
    expect([...faults]).toEqual([]);
    const [{ value }] = lifeOf('prm.dealregistration.v1.deal', world.deal.id);
    const check = ajv.getSchema('doc:asyncapi#/components/messages/prm.dealregistration.v1.DealCreated/payload');
    expect(check({ deal: { ...value.deal, amount: 12 } })).toBe(false);
  });

  test('the consumer of the README prints the life of the deal', async () => {
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
    const script = /```js[^\n]*\n(const \{ Kafka \}[\s\S]*?)```/.exec(readme)[1].replace('127.0.0.1:19092', platform.broker.kafkaBrokers);
    const child = spawn(process.execPath, ['-e', `(async () => {${script}})()`], { stdio: ['ignore', 'pipe', 'ignore'] });
    let printed = '';
    child.stdout.on('data', (text) => (printed += text));
    try {
      await eventually(() => {
        const types = printed
          .split('\n')
          .filter((line) => line.includes(`"id":"${world.deal.id}"`))
          .map((line) => line.split(' ')[0]);
        expect(types[0]).toBe('prm.dealregistration.v1.DealCreated');
        expect(types).toContain('prm.dealregistration.v1.DealConverted');
      });
    } finally {
      child.kill();
    }
  }, 60_000);

  test('copies of reference data that were emptied are rebuilt by one command', async () => {
    const { manager, associate } = world.first;
    const copies = await withDatabase('quoting', emptyCopies);
    await eventually(async () => expect([403, 404]).toContain((await manager.refused('GET', `quotes/${world.quote.id}`)).status));
    expect(await deadLetters(platform, 'rebuild', '--service', 'quoting')).toMatchObject({ code: 0 });
    await eventually(async () => expect(await withDatabase('quoting', countCopies)).toEqual(copies), { seconds: 60 });
    expect((await eventually(() => manager.get(`quotes/${world.quote.id}`))).state).toBe('QUOTE_STATE_ORDERED');
    const lines = [{ productId: world.products[0].id, quantity: 1, linePartnerId: world.first.id }];
    const draft = await eventually(() =>
      associate.post('quotes', {
        partnerId: world.first.id,
        customerId: world.customer.id,
        currency: 'EUR',
        validUntil: new Date(Date.now() + 9e8).toISOString(),
        lines,
      }),
    );
    expect((await associate.post(`quotes/${draft.id}:price`)).state).toBe('QUOTE_STATE_PRICED');
  }, 120_000);

  test('a service that starts on an empty database learns what it needs', async () => {
    await platform.kill('case', { stayDown: true });
    await withDatabase('case', (database) => database.query('drop schema public cascade; create schema public'));
    const made = spawnSync(process.execPath, [migrate('case')], {
      env: {
        ...process.env,
        DATABASE_URL: platform.databases.case,
        KAFKA_BROKERS: platform.broker.kafkaBrokers,
        OIDC_ISSUER: platform.issuer,
        OIDC_AUDIENCE: 'openprm',
        GRPC_PORT: '1',
      },
      encoding: 'utf8',
    });
    expect({ code: made.status, said: made.stderr }).toMatchObject({ code: 0 });
    await platform.revive('case');
    const body = {
      partnerId: world.first.id,
      onBehalfOf: 'ON_BEHALF_OF_END_CUSTOMER',
      customerId: world.customer.id,
      subject: 'After the fire',
      description: 'Does it work?',
      category: 'TECHNICAL',
      priority: 'PRIORITY_P3',
    };
    const opened = await eventually(() => world.first.associate.post('cases', body), { seconds: 60 });
    expect(opened.number).toMatch(/^CS-/);
  }, 120_000);

  describe('a message that cannot be taken', () => {
    let letter;
    const name = `Mended ${randomUUID()}`;
    const poison = { id: randomUUID(), partnerId: '', name, country: 'DE', etag: '1' };

    beforeAll(async () => {
      const type = 'prm.partnerdirectory.v1.CustomerCreated';
      const headers = {
        ce_specversion: '1.0',
        ce_id: randomUUID(),
        ce_type: type,
        ce_source: '/openprm/partnerdirectory',
        ce_subject: poison.id,
        ce_time: new Date().toISOString(),
        'content-type': 'application/json',
      };
      const producer = stockClient(platform.broker.kafkaBrokers).producer();
      await producer.connect();
      await producer.send({
        topic: 'prm.partnerdirectory.v1.customer',
        messages: [
          { key: poison.id, value: '{"customer": {"id": ', headers },
          { key: poison.id, value: 'nothing of ours', headers: { ce_type: type } },
          { key: poison.id, value: 'without any header' },
        ],
      });
      await producer.disconnect();
    }, 30_000);

    test('lands among the dead letters and is listed', async () => {
      await eventually(
        async () => {
          const { code, output } = await deadLetters(platform, 'list', '--service', 'quoting', '--json');
          expect(code).toBe(0);
          letter = output
            .trim()
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line))
            .find(({ key, value }) => key === poison.id && value.startsWith('{'));
          expect(letter).toMatchObject({ reason: 'UNDECODABLE', topic: 'prm.partnerdirectory.v1.customer' });
        },
        { seconds: 30 },
      );
    }, 60_000);

    test('does not hold up what comes after it', async () => {
      const customer = await world.first.associate.post('customers', { name: `After ${world.run}`, country: 'DE' });
      const lines = [{ productId: world.products[0].id, quantity: 1, linePartnerId: world.first.id }];
      await eventually(() =>
        world.first.associate.post('quotes', {
          partnerId: world.first.id,
          customerId: customer.id,
          currency: 'EUR',
          validUntil: new Date(Date.now() + 9e8).toISOString(),
          lines,
        }),
      );
    }, 60_000);

    test('is refused again as long as nothing is mended, and taken afterwards', async () => {
      const again = await deadLetters(platform, 'replay', '--service', 'quoting', '--id', letter.id);
      expect(again).toMatchObject({ code: 2, output: expect.stringContaining('1 refused again') });
      await withDatabase('quoting', (database) =>
        database.query('update dead_letters set value = $2 where id = $1', [letter.id, JSON.stringify({ customer: poison })]),
      );
      const mended = await deadLetters(platform, 'replay', '--service', 'quoting', '--id', letter.id);
      expect(mended).toMatchObject({ code: 0, output: expect.stringContaining('1 replayed') });
      const { rows } = await withDatabase('quoting', (database) =>
        database.query('select name from ref_customers where id = $1', [poison.id]),
      );
      expect(rows).toEqual([{ name }]);
    }, 60_000);
  });

  const withDatabase = (service, work) => inDatabase(platform.databases[service], work);
});

const isCopy = (table) => /^(ref|access)_/.test(table);

async function copyTables(database) {
  const { rows } = await database.query("select tablename from pg_tables where schemaname = 'public' order by tablename");
  return rows.map(({ tablename }) => tablename).filter(isCopy);
}

async function countCopies(database) {
  const counts = {};
  for (const table of await copyTables(database))
    counts[table] = (await database.query(`select count(*)::int as count from ${table}`)).rows[0].count;
  return counts;
}

async function emptyCopies(database) {
  const counts = await countCopies(database);
  await database.query(`truncate ${Object.keys(counts).join(', ')}`);
  return counts;
}
