import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is said about every file of a source. Names on the left are ours, on the right those of the file. */
export interface FileMapping {
  file: string;
  columns: Record<string, string>;
  required: string[];
  /** Values that are known to be wrong, by our name of the column. */
  corrections: Record<string, Record<string, string>>;
  /** Our name of the column behind a field that a service refuses. */
  fields: Record<string, string>;
}

export interface TeamsMapping extends FileMapping {
  partnerTypes: string[];
  mailAddress: string;
}

export interface AccountsMapping extends FileMapping {
  countryLanguage: string;
}

export interface Priced {
  currency: string;
  /** Digits after the decimal sign that the currency has. */
  decimals: number;
}

export type ProductsMapping = FileMapping & Priced;

export type Stage = 'WON' | 'LOST' | 'ENGAGING' | 'PROSPECTING';

export interface PipelineMapping extends FileMapping, Priced {
  dateFormats: string[];
  stages: Record<string, Stage>;
}

export interface CrmMapping {
  teams: TeamsMapping;
  accounts: AccountsMapping;
  products: ProductsMapping;
  pipeline: PipelineMapping;
}

const folder = join(__dirname, '..', 'mappings', 'crm');
const read = <T>(name: string): T => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as T;

export const readMapping = (): CrmMapping => ({
  teams: read('sales_teams'),
  accounts: read('accounts'),
  products: read('products'),
  pipeline: read('sales_pipeline'),
});

/** The file's column behind a field of a service, e.g. `deal.customer.country`; the field itself when none stands behind it. */
export function columnOf(mapping: FileMapping, field: string): string {
  const last = field.slice(field.lastIndexOf('.') + 1).replaceAll(/\[\d+\]/g, '');
  const ours = mapping.fields[last] ?? mapping.fields[snake(last)];
  return ours ? (mapping.columns[ours] ?? field) : field;
}

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
