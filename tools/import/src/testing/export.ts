import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ExportFiles {
  teams?: string[];
  accounts?: string[];
  products?: string[];
  pipeline?: string[];
}

const heads = {
  teams: 'sales_agent,manager,regional_office',
  accounts: 'account,sector,year_established,revenue,employees,office_location,subsidiary_of',
  products: 'product,series,sales_price',
  pipeline: 'opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value',
};
const names = { teams: 'sales_teams.csv', accounts: 'accounts.csv', products: 'products.csv', pipeline: 'sales_pipeline.csv' };
const usual = {
  teams: ['Anna Snelling,Dustin Brinkmann,Central', 'Moses Frase,Dustin Brinkmann,Central', 'Vicki Laflamme,Celia Rouche,West'],
  accounts: ['Acme,retail,1990,1,1,United States,', 'Betatech,medical,1990,1,1,Kenya,Acme'],
  products: ['GTX Pro,GTX,4821', 'MG Special,MG,55'],
  pipeline: [],
};

/** A folder with a small export; rows are given without the header. */
export function givenExport(files: ExportFiles = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'prm-import-test-'));
  for (const file of Object.keys(names) as (keyof typeof names)[]) {
    writeFileSync(join(folder, names[file]), [heads[file], ...(files[file] ?? usual[file]), ''].join('\n'));
  }
  return folder;
}
