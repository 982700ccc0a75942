import type { ItemResult } from '../api';
import { readRows } from '../csv';
import { corrected, Names } from '../names';
import { Refusal } from '../refusal';
import type { Place } from '../report';
import { keyOf } from '../values';
import { knownId, outcomeOf, refusalOf, refusing, type Account, type Context } from './context';
import { readCountry } from './countries';

interface AccountRow {
  place: Place;
  values: Record<string, string>;
  name: string;
  parent: string;
  industry: string;
  country: string;
}

const externalId = (name: string): string => `crm:account:${keyOf(name)}`;

/** Accounts become end customers, each after its parent company. */
export async function importAccounts(context: Context): Promise<Names<Account>> {
  const { mapping, report, api } = context;
  const accounts = new Names<Account>('account', mapping.accounts.file);
  const rows = parentsFirst(context, await readAccounts(context));
  const items = rows.map((row) => ({
    externalId: externalId(row.name),
    customer: { name: row.name, country: row.country, industry: row.industry },
    parentExternalId: row.parent && !context.dryRun ? externalId(row.parent) : '',
  }));
  const results = await api.importItems('/v1/customers:import', items, (result: ItemResult) => result);
  rows.forEach((row, index) => {
    const result = results[index]!;
    refusing(report, row.place, () => {
      if (outcomeOf(result) === 'refused') throw refusalOf(result, mapping.accounts, row.values);
      accounts.add(mapping.accounts.columns['name']!, row.name, row.place.line, {
        name: row.name,
        country: row.country,
        id: knownId(context, result),
      });
      report.row(row.place, outcomeOf(result));
    });
  });
  return accounts;
}

async function readAccounts({ folder, mapping, report }: Context): Promise<AccountRow[]> {
  const { file, columns, corrections, countryLanguage } = mapping.accounts;
  const rows = new Map<string, AccountRow>();
  for await (const { line, values, refusal } of readRows(folder, mapping.accounts)) {
    const place = { file, line, key: values['name'] ?? '' };
    refusing(report, place, () => {
      if (refusal) throw refusal;
      const { name, parent } = values as { name: string; parent: string };
      const first = rows.get(keyOf(name));
      if (first) throw new Refusal(columns['name']!, name, 'DUPLICATE', `is the same as ${first.name} in line ${first.place.line}.`);
      const value = (ours: string): string => corrected(report, place, corrections[ours], columns[ours]!, values[ours]!);
      rows.set(keyOf(name), {
        place,
        values,
        name,
        parent,
        industry: value('industry'),
        country: readCountry(columns['country']!, value('country'), countryLanguage),
      });
    });
  }
  return [...rows.values()];
}

/** Batches are sent one after the other, so a parent company has to come before its subsidiaries. One that is not there refuses them. */
function parentsFirst({ mapping, report }: Context, rows: AccountRow[]): AccountRow[] {
  const column = mapping.accounts.columns['parent']!;
  const byKey = new Map(rows.map((row) => [keyOf(row.name), row]));
  const placed = new Map<AccountRow, boolean>();
  const order: AccountRow[] = [];
  const place = (row: AccountRow, below: AccountRow[]): boolean => {
    const known = placed.get(row);
    if (known !== undefined) return known;
    const taken = refusing(report, row.place, () => {
      const parent = row.parent ? byKey.get(keyOf(row.parent)) : null;
      if (parent === undefined) throw new Refusal(column, row.parent, 'UNKNOWN_PARENT', `is not an account of ${mapping.accounts.file}.`);
      if (parent && (parent === row || below.includes(parent)))
        throw new Refusal(column, row.parent, 'PARENT_CYCLE', 'leads back to the account itself.');
      if (parent && !place(parent, [...below, row])) throw new Refusal(column, row.parent, 'PARENT_REFUSED', 'was refused itself.');
      if (parent && parent.name !== row.parent) report.adjusted(row.place, column, row.parent, parent.name, 'MATCHED');
      order.push(row);
      return true;
    });
    placed.set(row, taken !== null);
    return taken !== null;
  };
  for (const row of rows) place(row, []);
  return order;
}
