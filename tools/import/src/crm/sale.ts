import { corrected } from '../names';
import { Refusal } from '../refusal';
import type { Row } from '../csv';
import type { Place } from '../report';
import { readAmount, readDay, type MoneyJson } from '../values';
import type { Account, Agent, Context, Product, Records } from './context';
import type { Stage } from '../mapping';

/** A row of the pipeline with everything it names looked up. Days are `YYYY-MM-DD`. */
export interface Sale {
  place: Place;
  values: Record<string, string>;
  /** INCOMPLETE is a deal that stays a draft with what is known. */
  kind: Exclude<Stage, 'PROSPECTING'> | 'INCOMPLETE';
  agent: Agent;
  product: Product;
  account: Account | null;
  engaged: string | null;
  closed: string | null;
  value: MoneyJson | null;
}

/** Reads a row; throws the Refusal that names its column and value. */
export function readSale(context: Context, records: Records, place: Place, { values, refusal }: Row): Sale {
  if (refusal) throw refusal;
  const { columns, corrections, stages, dateFormats, currency, decimals } = context.mapping.pipeline;
  const { report } = context;
  const text = (ours: string): string => corrected(report, place, corrections[ours], columns[ours]!, values[ours]!);
  const day = (ours: string): string | null => (text(ours) ? readDay(columns[ours]!, text(ours), dateFormats) : null);
  const stage = stages[text('stage')];
  if (!stage) throw new Refusal(columns['stage']!, values['stage']!, 'UNKNOWN_STAGE', `is not one of ${Object.keys(stages).join(', ')}.`);
  const sale = {
    place,
    values,
    agent: records.agents.find(report, place, columns['agent']!, text('agent')),
    product: records.products.find(report, place, columns['product']!, text('product')),
    account: text('account') ? records.accounts.find(report, place, columns['account']!, text('account')) : null,
    engaged: day('engaged'),
    closed: day('closed'),
    value: text('value') ? readAmount(columns['value']!, text('value'), currency, decimals) : null,
  };
  const kind = stage === 'PROSPECTING' || !sale.account ? 'INCOMPLETE' : stage;
  for (const [ours, wanted] of needed(kind))
    if (wanted && !values[ours]) throw new Refusal(columns[ours]!, '', 'MISSING', `is empty, which ${values['stage']} does not allow.`);
  if (sale.engaged && sale.closed && sale.closed < sale.engaged)
    throw new Refusal(columns['closed']!, values['closed']!, 'INVALID_DATE', `lies before ${columns['engaged']}.`);
  return { ...sale, kind };
}

const needed = (kind: Sale['kind']): [string, boolean][] => [
  ['engaged', kind !== 'INCOMPLETE'],
  ['closed', kind === 'WON' || kind === 'LOST'],
  ['value', kind === 'WON'],
];
