// The main job on real input: a CRM export through the importer into a running platform, then everything added up again.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlatform } from '../../up/platform.mjs';
import { writeCrmExport } from '../crm-export.mjs';
import { figuresOfLists, figuresOfOrders, figuresOfView, ordersOfEvents } from '../crm-figures.mjs';
import { addUp, isoDay } from '../crm-truth.mjs';
import { readTopics } from '../kafka-reader.mjs';
import { listAll } from '../list-all.mjs';
import { eventually, person } from '../person.mjs';
import { runImport } from '../run-import.mjs';

const folder = mkdtempSync(join(tmpdir(), 'prm-crm-'));
const given = process.env.PRM_CRM_DIR;
const source = given ?? join(folder, 'export');
const { broken } = given ? { broken: [] } : writeCrmExport(source);
const truth = addUp(
  source,
  broken.map(({ line }) => line),
);

let platform;
let admin;
beforeAll(async () => {
  platform = await startPlatform({ durable: false });
  admin = await person(platform, 'admin@enterprise.example');
}, 240_000);
afterAll(async () => {
  await platform?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const crm = (args = [], options) => runImport(platform, ['--from', source, ...args], options);
const balanced = ({ rows, created, unchanged, refused, incomplete }) => rows === created + unchanged + refused + incomplete;
const incompleteRows = truth.sales.filter(({ deal_stage: stage, account }) => stage === 'Prospecting' || !account).length;

describe('a CRM export', () => {
  test('is judged by a dry run, which writes nothing', async () => {
    const run = await crm(['--dry-run']);
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing was written') });
    expect(run.all).toMatchObject({ refused: broken.length, incomplete: incompleteRows, unchanged: 0 });
    expect(balanced(run.all)).toBe(true);
    const { partnerId } = (await admin.get('me')).memberships[0];
    const own = (await admin.get('partners')).partners.filter(({ id }) => id !== partnerId);
    const rest = await Promise.all(['customers', 'products', 'deals', 'orders'].map(async (name) => (await admin.get(name))[name]));
    expect([own, ...rest].flat()).toEqual([]);
  }, 240_000);

  test('survives that the importer is killed, and then the service it writes to', async () => {
    const cut = await crm([], { onProgress: (child) => child.kill('SIGKILL') });
    expect(cut.signal).toBe('SIGKILL');
    const report = join(folder, 'report.csv');
    const run = await crm(['--report', report], { onProgress: () => void platform.kill('deal-registration') });
    expect(run).toMatchObject({ code: 0 });
    expect(run.files['sales_pipeline.csv']).toMatchObject({
      rows: truth.files['sales_pipeline.csv'],
      refused: broken.length,
      incomplete: incompleteRows,
    });
    for (const [file, tally] of Object.entries(run.files)) expect({ file, balanced: balanced(tally) }).toEqual({ file, balanced: true });
    for (const [file, rows] of Object.entries(truth.files)) expect(run.files[file].rows).toBe(rows);
    checkReport(readFileSync(report, 'utf8').trim().split('\n'));
  }, 600_000);

  test('changes nothing when it is taken again', async () => {
    const run = await crm();
    expect(run).toMatchObject({ code: 0 });
    expect(run.all).toMatchObject({ created: 0, refused: broken.length, incomplete: incompleteRows });
    expect(balanced(run.all)).toBe(true);
  }, 300_000);

  test('has become one deal per row, each with its own stage, days and amounts', async () => {
    const [deals, opportunities] = await Promise.all(['deals', 'opportunities'].map((name) => listAll(admin, name, name)));
    const byKey = new Map(opportunities.map((each) => [each.externalId, each]));
    expect(byKey.size).toBe(opportunities.length);
    const told = deals.map((deal) =>
      toLine(deal.externalId, deal.ownerName, deal.customer?.name, deal.createTime, byKey.get(deal.externalId)),
    );
    const wanted = truth.sales.map((sale) =>
      toLine(`crm:${sale.opportunity_id}`, sale.sales_agent, sale.account, sale.engage_date && isoDay(sale.engage_date), stageOf(sale)),
    );
    expect(told.sort()).toEqual(wanted.sort());
  }, 120_000);

  describe('adds up', () => {
    let partners;
    let people;
    let orders;
    beforeAll(async () => {
      partners = new Map((await listAll(admin, 'partners', 'partners')).map(({ id, name }) => [name, id]));
      people = new Map();
      for (const manager of Object.keys(truth.managers)) {
        for (const { name, personId } of await listAll(admin, `partners/${partners.get(manager)}/staff`, 'staff'))
          people.set(name, personId);
      }
      orders = await orderEvents();
    }, 120_000);

    test.each(Object.entries(truth.agents))('for the agent %s: lists and events', async (name, { manager: _, office: __, ...expected }) => {
      expect(await figuresOfLists(admin, `ownerPersonId=${people.get(name)}`)).toEqual(expected);
      if (orders)
        expect(figuresOfOrders(orders.filter(({ ownerPersonId }) => ownerPersonId === people.get(name)))).toEqual(ordersOf(expected));
    });

    test.each(Object.entries(truth.managers))(
      'for the manager %s: Partner 360, lists and events',
      async (name, { office: _, ...expected }) => {
        await expectAround(partners.get(name), [partners.get(name)], expected);
      },
    );

    test.each(Object.entries(truth.offices))('for the office %s: Partner 360, lists and events', async (name, expected) => {
      const below = Object.entries(truth.managers)
        .filter(([, { office }]) => office === name)
        .map(([manager]) => partners.get(manager));
      await expectAround(partners.get(name), below, expected);
    });

    async function expectAround(id, organisations, expected) {
      expect(figuresOfView(await admin.get(`partners/${id}:view360?includeDescendants=true`))).toEqual(expected);
      expect(await figuresOfLists(admin, `partnerId=${id}&includeDescendants=true`)).toEqual(expected);
      if (orders) expect(figuresOfOrders(orders.filter(({ partnerId }) => organisations.includes(partnerId)))).toEqual(ordersOf(expected));
    }
  });
});

test('an export shifted to today leaves the first claim its protection and reports the others', async () => {
  const from = join(folder, 'shifted');
  writeCrmExport(from, { rows: 300, accounts: 3, days: 70, mark: 'Zz', seed: 11, broken: false });
  const report = join(folder, 'shifted.csv');
  const today = new Date().toISOString().slice(0, 10);
  const run = await runImport(platform, ['--from', from, '--shift-to', today, '--report', report]);
  expect(run).toMatchObject({ code: 0 });
  const deals = (await listAll(admin, 'deals?search=Zz', 'deals')).filter(({ externalId }) => externalId.startsWith('crm:Zz'));
  const live = deals.filter(({ protection }) => protection?.state === 'PROTECTION_STATE_ACTIVE');
  const days = Math.floor((Date.parse(live[0].protection.endTime) - Date.parse(live[0].protection.startTime)) / 86_400_000);
  const { first, late } = claims(addUp(from).sales, today, days);
  expect(late.length).toBeGreaterThan(5);
  expect(live.map(({ externalId }) => externalId).sort()).toEqual(first.map((key) => `crm:${key}`).sort());
  const conflicts = readFileSync(report, 'utf8')
    .split('\n')
    .filter((line) => line.includes(',CONFLICT,'));
  expect(conflicts.map((line) => line.split(',')[2]).sort()).toEqual(late.sort());
  expect(conflicts[0]).toMatch(/was first/);
}, 240_000);

/** Who holds what when the newest day is today: the first to engage a customer for a product series. */
function claims(sales, today, protectionDays) {
  const time = (american) => Date.parse(isoDay(american));
  const newest = Math.max(...sales.flatMap(({ engage_date, close_date }) => [engage_date, close_date].filter(Boolean).map(time)));
  const oldest = newest - protectionDays * 86_400_000;
  const open = sales.filter(
    ({ deal_stage: stage, account, engage_date }) => stage === 'Engaging' && account && time(engage_date) >= oldest,
  );
  const holders = new Map();
  const late = [];
  for (const sale of open.sort((left, right) => time(left.engage_date) - time(right.engage_date) || left.line - right.line)) {
    const subject = `${sale.account} ${sale.series}`;
    if (holders.has(subject)) late.push(sale.opportunity_id);
    else holders.set(subject, sale.opportunity_id);
  }
  return { first: [...holders.values()], late };
}

function checkReport(lines) {
  expect(lines[0]).toBe('file,line,key,outcome,column,value,reason,text');
  const rows = lines.slice(1).filter((line) => !/^[^,]*,\d+,[^,]*,note,/.test(line));
  expect(rows.length).toBe(Object.values(truth.files).reduce((sum, count) => sum + count, 0));
  for (const { line, column, value } of broken)
    expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^sales_pipeline\\.csv,${line},[^,]*,refused,${column},${value},`)));
  expect(lines).toContainEqual(expect.stringMatching(/note,product,GTXPro,MATCHED,/));
  for (const wrong of ['technolgy', 'Philipines'])
    expect(lines).toContainEqual(expect.stringMatching(new RegExp(`note,[a-z_]*,${wrong},CORRECTED,`)));
}

function stageOf({ deal_stage: stage, account, close_date, close_value, price }) {
  if (stage === 'Prospecting' || !account) return undefined;
  const [name, units] = { Won: ['CLOSED_WON', close_value], Lost: ['CLOSED_LOST', price], Engaging: ['DEVELOP', price] }[stage];
  return { stage: `OPPORTUNITY_STAGE_${name}`, closeDate: close_date && isoDay(close_date), amount: { units: String(units) } };
}

/** A draft without its day is as old as its import; nothing is said of it then. */
const toLine = (key, owner, customer, day, opportunity) =>
  [
    key,
    owner,
    customer || '-',
    opportunity ? day.slice(0, 10) : '-',
    opportunity?.stage ?? 'DRAFT',
    opportunity?.closeDate || '-',
    opportunity?.amount.units ?? '-',
  ].join(' | ');

const ordersOf = ({ orders, orderSum }) => ({ orders, orderSum });

/** What a stock client reads; nothing without real Kafka, where the gateway's lists have to do. */
async function orderEvents() {
  const { broker } = platform;
  if (broker.kind !== 'kafka') return void console.warn('No Kafka here: order events are not compared, only the lists of the gateway.');
  const expected = Object.values(truth.offices).reduce((sum, { orders: count }) => sum + count, 0);
  return eventually(
    async () => {
      const found = ordersOfEvents(await readTopics(broker.kafkaBrokers, ['prm.order.v1.order']));
      if (found.length < expected) throw new Error(`only ${found.length} of ${expected} orders are on Kafka`);
      return found;
    },
    { seconds: 60 },
  );
}
