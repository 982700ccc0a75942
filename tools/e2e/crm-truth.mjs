// What a CRM export adds up to, by a program that knows nothing of the importer and the services.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const zero = () => ({
  deals: 0,
  drafts: 0,
  opportunities: 0,
  won: 0,
  lost: 0,
  open: 0,
  wonSum: 0,
  lostSum: 0,
  openSum: 0,
  orders: 0,
  orderSum: 0,
});

/** @returns rows that can be taken, and per agent, manager and office the figures in whole dollars */
export function addUp(folder, brokenLines = []) {
  const prices = Object.fromEntries(
    table(folder, 'products.csv').map(({ product, sales_price }) => [squeeze(product), Number(sales_price)]),
  );
  const series = Object.fromEntries(table(folder, 'products.csv').map((row) => [squeeze(row.product), row.series]));
  const teams = table(folder, 'sales_teams.csv');
  const rows = table(folder, 'sales_pipeline.csv').filter(({ line }) => !brokenLines.includes(line));
  const figures = { agents: {}, managers: {}, offices: {} };
  for (const { sales_agent, manager, regional_office } of teams) {
    figures.agents[sales_agent] = { ...zero(), manager, office: regional_office };
    figures.managers[manager] ??= { ...zero(), office: regional_office };
    figures.offices[regional_office] ??= zero();
  }
  const sales = rows.map((row) => ({ ...row, price: prices[squeeze(row.product)], series: series[squeeze(row.product)] }));
  for (const sale of sales) {
    const agent = figures.agents[sale.sales_agent];
    for (const one of [agent, figures.managers[agent.manager], figures.offices[agent.office]]) add(one, sale);
  }
  return {
    ...figures,
    sales,
    files: Object.fromEntries(
      ['sales_teams.csv', 'accounts.csv', 'products.csv', 'sales_pipeline.csv'].map((name) => [name, table(folder, name).length]),
    ),
  };
}

function add(into, { deal_stage: stage, account, close_value, price }) {
  into.deals += 1;
  if (stage === 'Prospecting' || !account) return void (into.drafts += 1);
  into.opportunities += 1;
  const [count, sum, amount] = {
    Won: ['won', 'wonSum', Number(close_value)],
    Lost: ['lost', 'lostSum', price],
    Engaging: ['open', 'openSum', price],
  }[stage];
  into[count] += 1;
  into[sum] += amount;
  if (stage !== 'Won') return;
  into.orders += 1;
  into.orderSum += amount;
}

/** Names and numbers of these files need no quotes; line 1 is the head. */
function table(folder, name) {
  const [head, ...lines] = readFileSync(join(folder, name), 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
  return lines.map((cells, index) => ({ line: index + 2, ...Object.fromEntries(head.map((column, place) => [column, cells[place]])) }));
}

const squeeze = (name) => name.replaceAll(' ', '').toLowerCase();

export const isoDay = (american) => {
  const [month, day, year] = american.split('/');
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
};
