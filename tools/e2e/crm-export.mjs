// Makes a CRM export of the shape that `npm run import -- crm` reads, dirty values and all. The same seed gives the same files.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const day = 86_400_000;
const firstDay = Date.UTC(2016, 9, 20);
const sectors = ['technolgy', 'medical', 'retail', 'software', 'entertainment', 'marketing', 'finance'];
const countries = [...Array(12).fill('United States'), 'Kenya', 'Philipines', 'Japan', 'Italy', 'Norway', 'Korea', 'Germany', 'Brazil'];
const syllables = ['ba', 'con', 'dex', 'fin', 'gan', 'hat', 'kin', 'lab', 'mon', 'nex', 'plus', 'ron', 'sil', 'tech', 'um', 'zen'];
const catalog = [
  ['GTX Basic', 'GTX', 550],
  ['GTX Pro', 'GTX', 4821],
  ['MG Special', 'MG', 55],
  ['MG Advanced', 'MG', 3393],
  ['GTX Plus Pro', 'GTX', 5482],
  ['GTX Plus Basic', 'GTX', 1096],
  ['GTK 500', 'GTK', 26_768],
];

/**
 * @param {string} folder where the four files go
 * @param {{ rows?: number, seed?: number, mark?: string, accounts?: number, broken?: boolean }} [options]
 *   `days` lie between the first and the last; `mark` makes all names and ids unlike those of another export; `broken` adds rows that cannot be taken
 * @returns {{ broken: { line: number, column: string, value: string }[] }} what has to be refused in sales_pipeline.csv
 */
export function writeCrmExport(folder, { rows = 1_500, seed = 7, mark = '', accounts = 85, days = 430, broken = true } = {}) {
  const random = randomFrom(seed);
  const one = (list) => list[Math.floor(random() * list.length)];
  const sheet = {
    teams: teams(mark),
    accounts: accountsOf(accounts, mark, one),
    products: catalog.map(([name, series, price]) => [mark + name, mark + series, price]),
  };
  const pipeline = Array.from({ length: rows }, (_, index) => pipelineRow(index, sheet, { mark, days, random, one }));
  const bad = broken ? brokenRows(pipeline) : [];
  mkdirSync(folder, { recursive: true });
  const write = (name, head, lines) => writeFileSync(join(folder, name), [head, ...lines.map((line) => line.join(',')), ''].join('\n'));
  write('sales_teams.csv', 'sales_agent,manager,regional_office', sheet.teams);
  write('accounts.csv', 'account,sector,year_established,revenue,employees,office_location,subsidiary_of', sheet.accounts);
  write('products.csv', 'product,series,sales_price', sheet.products);
  write('sales_pipeline.csv', 'opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value', [
    ...pipeline,
    ...bad.map(({ row }) => row),
  ]);
  return { broken: bad.map(({ column, value }, index) => ({ line: pipeline.length + 2 + index, column, value })) };
}

/** 35 agents below 6 managers in 3 offices. */
function teams(mark) {
  const offices = ['Central', 'East', 'West'];
  return Array.from({ length: 35 }, (_, index) => [
    `Agent${index} ${mark}Seller`,
    `Manager${index % 6} ${mark}Lead`,
    mark + offices[(index % 6) >> 1],
  ]);
}

function accountsOf(count, mark, one) {
  const names = Array.from({ length: count }, (_, index) => `${capital(one(syllables))}${one(syllables)}${one(syllables)} ${mark}${index}`);
  // A parent may stand after its subsidiary, as in real exports.
  return names.map((name, index) => [name, one(sectors), 1990, '1.5', 10, one(countries), index % 6 === 0 ? (names[index + 1] ?? '') : '']);
}

function pipelineRow(index, { teams: people, accounts, products }, { mark, days, random, one }) {
  const [name, , price] = one(products);
  const chance = random();
  const stage = chance < 0.48 ? 'Won' : chance < 0.76 ? 'Lost' : chance < 0.94 ? 'Engaging' : 'Prospecting';
  const begins = Math.floor(random() * (days - 1));
  const engaged = firstDay + begins * day;
  const closes = stage === 'Won' || stage === 'Lost';
  const account = closes || random() < 0.35 ? one(accounts)[0] : '';
  const value = stage === 'Won' ? Math.round(price * (0.8 + random() * 0.4)) : stage === 'Lost' ? 0 : '';
  const spelt = name.endsWith('GTX Pro') ? name.replace('GTX Pro', 'GTXPro') : name;
  return [
    `${mark}OPP${index}`,
    one(people)[0],
    spelt,
    account,
    stage,
    stage === 'Prospecting' ? '' : american(engaged),
    closes ? american(firstDay + Math.min(days, begins + 1 + Math.floor(random() * 130)) * day) : '',
    value,
  ];
}

/** Copies of a good row, each with one value that cannot be read. */
function brokenRows(pipeline) {
  const good = pipeline.find((row) => row[4] === 'Won');
  const faults = [
    [1, 'sales_agent', 'Nobody Known'],
    [2, 'product', 'GTZ 9'],
    [4, 'deal_stage', 'Wonn'],
    [5, 'engage_date', '2/30/2017'],
    [7, 'close_value', '12x'],
    [0, 'opportunity_id', good[0]],
  ];
  return faults.map(([place, column, value], index) => {
    const row = [...good];
    row[0] = `${good[0]}BAD${index}`;
    row[place] = value;
    return { row, column, value };
  });
}

const american = (time) => {
  const date = new Date(time);
  return `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()}`;
};
const capital = (word) => word[0].toUpperCase() + word.slice(1);

/** Mulberry32: small, and good enough for test data. */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
