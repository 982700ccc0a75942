import type { ItemResult } from '../api';
import { readRows } from '../csv';
import { Names } from '../names';
import { Refusal } from '../refusal';
import type { Place } from '../report';
import { keyOf, readAmount, slugOf, type MoneyJson } from '../values';
import { knownId, outcomeOf, refusalOf, refusing, type Context, type Product } from './context';

interface ProductRow {
  place: Place;
  values: Record<string, string>;
  name: string;
  series: string;
  family: string;
  price: MoneyJson;
}

/** Products with their list price, in families made of their series. */
export async function importProducts(context: Context): Promise<Names<Product>> {
  const { mapping, report, api } = context;
  const products = new Names<Product>('product', mapping.products.file);
  const rows = await readProducts(context);
  const items = rows.map(({ name, series, family, price }) => ({
    externalId: `crm:product:${keyOf(name)}`,
    product: { sku: slugOf(name, '-').toUpperCase(), name, family, listPrices: [price] },
    familyName: series,
  }));
  const results = await api.importItems('/v1/products:import', items, (result: ItemResult) => result);
  rows.forEach((row, index) => {
    const result = results[index]!;
    refusing(report, row.place, () => {
      if (outcomeOf(result) === 'refused') throw refusalOf(result, mapping.products, row.values);
      products.add(mapping.products.columns['name']!, row.name, row.place.line, { ...row, id: knownId(context, result) });
      report.row(row.place, outcomeOf(result));
    });
  });
  return products;
}

async function readProducts({ folder, mapping, report }: Context): Promise<ProductRow[]> {
  const { file, columns, currency, decimals } = mapping.products;
  const rows = new Map<string, ProductRow>();
  for await (const { line, values, refusal } of readRows(folder, mapping.products)) {
    const place = { file, line, key: values['name'] ?? '' };
    refusing(report, place, () => {
      if (refusal) throw refusal;
      const { name, family: series } = values as { name: string; family: string };
      const first = rows.get(keyOf(name));
      if (first) throw new Refusal(columns['name']!, name, 'DUPLICATE', `is the same as ${first.name} in line ${first.place.line}.`);
      const price = readAmount(columns['price']!, values['price']!, currency, decimals);
      rows.set(keyOf(name), { place, values, name, series, family: slugOf(series, '_').toUpperCase().replaceAll('-', '_'), price });
    });
  }
  return [...rows.values()];
}
