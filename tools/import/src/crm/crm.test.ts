import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Api } from '../api';
import { readMapping } from '../mapping';
import { Report } from '../report';
import { givenExport, type ExportFiles } from '../testing/export';
import { givenPlatform, type TestPlatform } from '../testing/platform';
import { importCrm } from './run';

let platform: TestPlatform;
beforeEach(async () => {
  platform = await givenPlatform();
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await platform.stop();
});

async function run(folder: string, { dryRun = false, shiftTo = null as string | null, patienceMs = 10_000, newsMs = 10_000 } = {}) {
  const path = join(folder, 'report.csv');
  const report = new Report(path, ['sales_teams.csv', 'accounts.csv', 'products.csv', 'sales_pipeline.csv']);
  const api = new Api({ gateway: platform.url, token: async () => 'token', dryRun, patienceMs, newsMs });
  await importCrm({ folder, dryRun, mapping: readMapping(), api, report }, shiftTo);
  await report.close();
  return { report, lines: readFileSync(path, 'utf8').trim().split('\n'), pipeline: report.tally('sales_pipeline.csv') };
}

const imported = (files: ExportFiles, options = {}) => run(givenExport(files), options);
const taken = (path: string) => [...(platform.taken.get(path)?.values() ?? [])] as unknown as Record<string, never>[];
const row = (key: string, ...rest: string[]) => [key, 'Moses Frase', 'GTX Pro', 'Acme', ...rest].join(',');

const sales = [
  row('W1', 'Won', '10/20/2016', '3/1/2017', '1054.5'),
  row('L1', 'Lost', '10/21/2016', '3/2/2017', '0'),
  row('E1', 'Engaging', '10/22/2016', '', ''),
  row('P1', 'Prospecting', '', '', ''),
  'N1,Moses Frase,MG Special,,Engaging,10/23/2016,,',
];

test('every row becomes what the table says, with its historic days', async () => {
  const { pipeline } = await imported({ pipeline: sales });
  expect(pipeline).toEqual({ rows: 5, created: 3, unchanged: 0, refused: 0, incomplete: 2 });
  const deals = Object.fromEntries(taken('/v1/deals:import').map((deal) => [deal['externalId'], deal]));
  expect(deals['crm:W1']).toMatchObject({
    targetState: 'DEAL_STATE_CONVERTED',
    createTime: '2016-10-20T00:00:00Z',
    deal: {
      partnerId: 'id-crm:manager:dustinbrinkmann',
      ownerPersonId: 'person-moses.frase@dustin-brinkmann.example',
      amount: { currencyCode: 'USD', units: '1054', nanos: 500_000_000 },
    },
    opportunity: { stage: 'OPPORTUNITY_STAGE_CLOSED_WON', closeDate: '2017-03-01' },
  });
  expect(deals['crm:L1']).toMatchObject({
    opportunity: { stage: 'OPPORTUNITY_STAGE_CLOSED_LOST', closeDate: '2017-03-02', amount: { units: '4821' } },
  });
  expect(deals['crm:E1']).toMatchObject({ opportunity: { stage: 'OPPORTUNITY_STAGE_DEVELOP', amount: { units: '4821' } } });
  expect(deals['crm:P1']).toMatchObject({ targetState: 'DEAL_STATE_DRAFT', deal: { customer: { name: 'Acme' } } });
  expect(deals['crm:N1']).toMatchObject({ targetState: 'DEAL_STATE_DRAFT', createTime: '2016-10-23T00:00:00Z' });
  expect(taken('/v1/quotes:import')).toMatchObject([
    {
      externalId: 'crm:W1',
      dealId: 'id-crm:W1',
      opportunityId: 'opp-id-crm:W1',
      agreedValue: { units: '1054' },
      orderTime: '2017-03-01T00:00:00Z',
    },
  ]);
  expect(taken('/v1/orders:import')).toMatchObject([
    {
      quoteId: 'id-crm:W1',
      state: 'ORDER_STATE_FULFILLED',
      fulfilTime: '2017-03-01T00:00:00Z',
      ownerEmail: 'moses.frase@dustin-brinkmann.example',
    },
  ]);
});

test('offices, managers and agents become partners below each other with their staff', async () => {
  await imported({});
  expect(taken('/v1/partners:import').map(({ externalId, parentExternalId }) => [externalId, parentExternalId])).toEqual([
    ['crm:office:central', ''],
    ['crm:office:west', ''],
    ['crm:manager:dustinbrinkmann', 'crm:office:central'],
    ['crm:manager:celiarouche', 'crm:office:west'],
  ]);
  expect(taken('/v1/staff:import').map(({ staffMember }) => staffMember)).toMatchObject([
    { email: 'dustin.brinkmann@dustin-brinkmann.example', role: 'ROLE_PARTNER_MANAGER' },
    { email: 'celia.rouche@celia-rouche.example', role: 'ROLE_PARTNER_MANAGER' },
    { email: 'anna.snelling@dustin-brinkmann.example', role: 'ROLE_PARTNER_ASSOCIATE' },
    { email: 'moses.frase@dustin-brinkmann.example', role: 'ROLE_PARTNER_ASSOCIATE' },
    { email: 'vicki.laflamme@celia-rouche.example', role: 'ROLE_PARTNER_ASSOCIATE' },
  ]);
});

test('parent companies come before their subsidiaries, wherever they stand', async () => {
  await imported({ accounts: ['C,retail,,,,Korea,B', 'B,technolgy,,,,Philipines,A', 'A,retail,,,,United States,'] });
  expect(taken('/v1/customers:import').map(({ customer, parentExternalId }) => [customer, parentExternalId])).toEqual([
    [{ name: 'A', country: 'US', industry: 'retail' }, ''],
    [{ name: 'B', country: 'PH', industry: 'technology' }, 'crm:account:a'],
    [{ name: 'C', country: 'KR', industry: 'retail' }, 'crm:account:b'],
  ]);
});

test('names that differ in blanks or case find their record, and the report says so once with the number of rows', async () => {
  const dirty = ['D1', 'D2'].map((key) => `${key},moses  frase,GTXPro,ACME,Engaging,10/22/2016,,`);
  const { pipeline, lines, report } = await imported({ pipeline: dirty });
  expect(pipeline.created).toBe(2);
  expect(lines).toContain('sales_pipeline.csv,2,,note,product,GTXPro,MATCHED,"read as GTX Pro in 2 rows, here first"');
  expect([...report.notes.values()].map((note) => [note.value, note.text])).toEqual([
    ['moses  frase', 'read as Moses Frase'],
    ['GTXPro', 'read as GTX Pro'],
    ['ACME', 'read as Acme'],
  ]);
});

test('what cannot be read is refused row by row with file, line, column, value and reason', async () => {
  const { lines, pipeline } = await imported({
    pipeline: [
      row('A', 'Won', '13/20/2016', '3/1/2017', '10'),
      row('B', 'Won', '2/30/2016', '3/1/2017', '10'),
      row('C', 'Won', '10/20/2016', '3/1/2017', 'ten'),
      row('D', 'Won', '10/20/2016', '3/1/2017', '1.005'),
      row('E', 'Won', '10/20/2016', '', '10'),
      row('F', 'Won', '3/1/2017', '10/20/2016', '10'),
      row('G', 'Winning', '10/20/2016', '', ''),
      'H,Nobody,GTX Pro,Acme,Engaging,10/20/2016,,',
      'I,Moses Frase,GTX Max,Acme,Engaging,10/20/2016,,',
      'J,Moses Frase,GTX Pro,Nowhere,Engaging,10/20/2016,,',
      'K,Moses Frase',
      ',Moses Frase,GTX Pro,Acme,Engaging,10/20/2016,,',
      row('L', 'Engaging', '10/20/2016', '', ''),
      row('L', 'Engaging', '10/21/2016', '', ''),
      row('M', 'Won', '10/20/2016', '3/1/2017', '-5'),
      'N,"broken"quote,GTX Pro,Acme,Engaging,10/20/2016,,',
      row('O', 'Won', '2016-10-20', '2017-03-01', '"1,054.50"'),
    ],
  });
  const refused = lines
    .slice(1)
    .filter((line) => line.startsWith('sales_pipeline.csv') && line.includes(',refused,'))
    .map((line) => line.split(',').slice(1, 7).join(' '));
  expect(refused).toEqual([
    '2 A refused engage_date 13/20/2016 NOT_A_DATE',
    '3 B refused engage_date 2/30/2016 NOT_A_DATE',
    '4 C refused close_value ten NOT_AN_AMOUNT',
    '5 D refused close_value 1.005 NOT_AN_AMOUNT',
    '6 E refused close_date  MISSING',
    '7 F refused close_date 10/20/2016 INVALID_DATE',
    '8 G refused deal_stage Winning UNKNOWN_STAGE',
    '9 H refused sales_agent Nobody UNKNOWN_SALES_AGENT',
    '10 I refused product GTX Max UNKNOWN_PRODUCT',
    '11 J refused account Nowhere UNKNOWN_ACCOUNT',
    '12  refused  "K Moses Frase"',
    '13  refused opportunity_id  MISSING',
    '15 L refused opportunity_id L DUPLICATE',
    '16 M refused close_value -5 NOT_AN_AMOUNT',
    '17 N refused sales_agent """broken""quote" UNKNOWN_SALES_AGENT',
  ]);
  expect(pipeline).toMatchObject({ rows: 17, created: 2, refused: 15 });
});

test('a quote that is never closed costs its own line and not the rest of the file; a value over two lines is one', async () => {
  const { report, lines, pipeline } = await imported({
    accounts: [
      '"Acme",retail,,,,United States,',
      '"Open,retail,,,,Kenya,',
      '"Two\nlines",retail,,,,Kenya,',
      'Last "5"" pipes,retail,,,,Kenya,',
    ],
    pipeline: [
      row('1', 'Engaging', '1/1/2016', '', ''),
      '2,"Moses Frase,GTX Pro,Acme,Engaging,1/1/2016,,',
      ...Array.from({ length: 30 }, (_, n) => row(`K${n}`, 'Engaging', '1/1/2016', '', '')),
    ],
  });
  expect(report.tally('accounts.csv')).toMatchObject({ rows: 4, created: 3, refused: 1 });
  expect(pipeline).toMatchObject({ rows: 32, created: 31, refused: 1 });
  expect(lines.find((line) => line.includes('NOT_CSV') && line.startsWith('sales_pipeline'))).toMatch(/^sales_pipeline.csv,3,,refused,/);
});

test('a bad record of reference refuses itself and the rows that need it, and nothing else', async () => {
  const { report, pipeline } = await imported({
    accounts: [
      'Acme,retail,,,,United States,',
      'Gone,retail,,,,Atlantis,',
      'Child,retail,,,,Kenya,Gone',
      'acme,retail,,,,Kenya,',
      'Ring,retail,,,,Kenya,Ring',
    ],
    products: ['GTX Pro,GTX,4821', 'Free,GTX,'],
    teams: ['Moses Frase,Dustin Brinkmann,Central', 'Other,Dustin Brinkmann,West', 'moses frase,Dustin Brinkmann,Central'],
    pipeline: [
      row('1', 'Engaging', '10/20/2016', '', ''),
      '2,Moses Frase,GTX Pro,Child,Engaging,10/20/2016,,',
      '3,Moses Frase,Free,Acme,Engaging,10/20/2016,,',
    ],
  });
  expect(report.tally('accounts.csv')).toMatchObject({ rows: 5, created: 1, refused: 4 });
  expect(report.tally('products.csv')).toMatchObject({ rows: 2, created: 1, refused: 1 });
  expect(report.tally('sales_teams.csv')).toMatchObject({ rows: 3, created: 1, refused: 2 });
  expect(pipeline).toMatchObject({ rows: 3, created: 1, refused: 2 });
});

test('what a service refuses is told in the words of the file', async () => {
  platform.refuse = (path, item) =>
    path === '/v1/orders:import' && item.externalId === 'crm:W1'
      ? { field: 'lines[0].amount', reason: 'TOO_LARGE', description: 'is too large.' }
      : null;
  const { lines, pipeline } = await imported({ pipeline: sales });
  expect(lines).toContain('sales_pipeline.csv,2,W1,refused,close_value,1054.5,TOO_LARGE,is too large.');
  expect(pipeline).toEqual({ rows: 5, created: 2, unchanged: 0, refused: 1, incomplete: 2 });
});

test('a second run changes nothing, and a run that stopped before the orders goes on with them', async () => {
  const folder = givenExport({ pipeline: sales });
  await run(folder);
  expect((await run(folder)).pipeline).toEqual({ rows: 5, created: 0, unchanged: 3, refused: 0, incomplete: 2 });
  platform.taken.get('/v1/orders:import')!.clear();
  expect((await run(folder)).pipeline).toMatchObject({ created: 1, unchanged: 2 });
  expect(taken('/v1/orders:import')).toHaveLength(1);
});

test('a dry run says the same and writes nothing, on an empty platform and on a full one', async () => {
  const folder = givenExport({ pipeline: sales });
  const dry = await run(folder, { dryRun: true });
  expect(platform.taken.size).toBe(0);
  expect(platform.requests.every((request) => request.validateOnly)).toBe(true);
  const wet = await run(folder);
  expect([...dry.report.tallies]).toEqual([...wet.report.tallies]);
  const again = await run(folder, { dryRun: true });
  expect(again.pipeline).toEqual({ rows: 5, created: 0, unchanged: 3, refused: 0, incomplete: 2 });
});

test('all days move by the same number, so that the newest falls on the day wanted', async () => {
  await imported({ pipeline: sales }, { shiftTo: '2026-03-02' });
  const lost = taken('/v1/deals:import').find((deal) => deal['externalId'] === 'crm:L1')!;
  expect(lost).toMatchObject({ createTime: '2025-10-21T00:00:00Z', opportunity: { closeDate: '2026-03-02' } });
});

test('deals are sent in the order in which customers were engaged, whatever the order of rows', async () => {
  const unsorted = [
    row('late', 'Engaging', '12/1/2016', '', ''),
    row('none', 'Prospecting', '', '', ''),
    row('early', 'Engaging', '1/1/2016', '', ''),
    row('same', 'Engaging', '1/1/2016', '', ''),
  ];
  await imported({ pipeline: unsorted });
  expect(taken('/v1/deals:import').map((deal) => deal['externalId'])).toEqual(['crm:none', 'crm:early', 'crm:same', 'crm:late']);
});

test('a platform that restarts, breaks connections or has not heard the news yet is asked again', async () => {
  let calls = 0;
  const heard = new Set<string>();
  platform.misbehave = () => [503, 0, null, 504, 409][calls++ % 3] ?? null;
  platform.refuse = (path, { externalId }) => {
    if (path !== '/v1/deals:import' || heard.has(externalId)) return null;
    heard.add(externalId);
    return { field: 'deal.partner_id', reason: 'UNKNOWN_PARTNER', description: 'not yet' };
  };
  const { pipeline } = await imported({ pipeline: sales });
  expect(pipeline).toMatchObject({ rows: 5, refused: 0, incomplete: 2 });
  expect(taken('/v1/orders:import')).toHaveLength(1);
});

test('a batch that takes too long is sent in halves', async () => {
  platform.misbehave = (path, items) => (path === '/v1/deals:import' && items.length > 100 ? 504 : null);
  const many = Array.from({ length: 450 }, (_, n) => row(`K${n}`, 'Engaging', '1/1/2016', '', ''));
  expect((await imported({ pipeline: many })).pipeline.created).toBe(450);
});

test('a platform that stays away ends the run with a line that says how to go on', async () => {
  platform.misbehave = () => 503;
  await expect(imported({ pipeline: sales }, { patienceMs: 300 })).rejects.toThrow(
    /has not answered .* run this again: what was taken stays/,
  );
});

test('a missing file, a missing column or an empty file end the run before anything is sent', async () => {
  const folder = givenExport();
  rmSync(join(folder, 'products.csv'));
  await expect(run(folder)).rejects.toThrow(/products.csv is not there/);
  writeFileSync(join(folder, 'products.csv'), 'product,price\n');
  await expect(run(folder)).rejects.toThrow(/products.csv lacks the column series, sales_price/);
  writeFileSync(join(folder, 'products.csv'), '');
  await expect(run(folder)).rejects.toThrow(/products.csv is empty/);
  expect(platform.requests).toEqual([]);
});
