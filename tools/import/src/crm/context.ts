import type { Api, ItemResult } from '../api';
import { columnOf, type CrmMapping, type FileMapping } from '../mapping';
import type { Names } from '../names';
import { Refusal } from '../refusal';
import type { Outcome, Place, Report } from '../report';
import type { MoneyJson } from '../values';

/** What all steps of one run share. */
export interface Context {
  folder: string;
  dryRun: boolean;
  mapping: CrmMapping;
  api: Api;
  report: Report;
}

/** Ids are empty for a record that a dry run did not make. */
export interface Agent {
  name: string;
  email: string;
  partnerId: string;
  personId: string;
}

export interface Account {
  name: string;
  country: string;
  id: string;
}

export interface Product {
  name: string;
  family: string;
  price: MoneyJson;
  id: string;
}

export interface Records {
  agents: Names<Agent>;
  accounts: Names<Account>;
  products: Names<Product>;
}

/** Asked by the report in one word. */
export const outcomeOf = ({ outcome }: ItemResult): Outcome =>
  outcome === 'IMPORT_OUTCOME_CREATED' ? 'created' : outcome === 'IMPORT_OUTCOME_UNCHANGED' ? 'unchanged' : 'refused';

/** The first reason a service gave, told in the words of the file. */
export function refusalOf(result: ItemResult, mapping: FileMapping, values: Record<string, string> = {}): Refusal {
  const { field = '', reason = 'REFUSED', description = 'was refused.' } = result.violations?.[0] ?? {};
  const column = columnOf(mapping, field);
  const ours = Object.keys(mapping.columns).find((name) => mapping.columns[name] === column);
  return new Refusal(column, (ours && values[ours]) ?? '', reason, description);
}

/** In a dry run records made by it have no id; what hangs on them cannot be asked of the service and is taken as created. */
export const knownId = (context: Context, result: ItemResult): string =>
  context.dryRun && outcomeOf(result) === 'created' ? '' : result.id;

/** Carries out `read`; a refusal is written down and gives null. */
export function refusing<T>(report: Report, place: Place, read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    report.refuse(place, error);
    return null;
  }
}
