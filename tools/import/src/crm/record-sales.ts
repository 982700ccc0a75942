import type { ItemResult } from '../api';
import type { Outcome } from '../report';
import { outcomeOf, refusalOf, type Context } from './context';
import { dealItem, orderItem, quoteItem } from './items';
import type { Sale } from './sale';

/** What a chunk's rows have become so far. */
export interface Taken {
  sale: Sale;
  dealId: string;
  opportunityId: string;
  quoteId: string;
  outcome: Outcome;
  refused: ItemResult | null;
  conflicts: string[];
}

interface DealResult {
  result: ItemResult;
  opportunityId?: string;
}

/**
 * Records chunks in three lanes: deals with their opportunities, then quotes, then orders. Each lane takes one chunk after the other,
 * so that deals arrive in their order; the answer resolves when the next chunk may come, to when this one is done and reported.
 */
export function recordSales(context: Context): (chunk: Sale[]) => Promise<{ done: Promise<void> }> {
  let quotesDone: Promise<unknown> = Promise.resolve();
  let ordersDone: Promise<unknown> = Promise.resolve();
  return async (chunk) => {
    const taken = await recordDeals(context, chunk);
    const quotes = quotesDone.then(() => recordQuotes(context, taken));
    const orders = Promise.all([quotes, ordersDone]).then(() => recordOrders(context, taken));
    quotesDone = quotes;
    ordersDone = orders;
    for (const lane of [quotes, orders]) lane.catch(() => {});
    return { done: orders.then(() => reportAll(context, taken)) };
  };
}

async function recordDeals({ api, dryRun }: Context, sales: Sale[]): Promise<Taken[]> {
  const taken = sales.map((sale): Taken => ({
    sale,
    dealId: '',
    opportunityId: '',
    quoteId: '',
    outcome: 'created',
    refused: null,
    conflicts: [],
  }));
  const asked = taken.filter(({ sale }) => !dryRun || (sale.agent.personId && sale.product.id && (!sale.account || sale.account.id)));
  const results = await api.importItems<DealResult>(
    '/v1/deals:import',
    asked.map(({ sale }) => dealItem(sale)),
    ({ result }) => result,
  );
  results.forEach(({ result, opportunityId }, index) => {
    const each = asked[index]!;
    settle(each, result);
    each.dealId = dryRun && outcomeOf(result) === 'created' ? '' : result.id;
    each.opportunityId = opportunityId ?? '';
    each.conflicts = result.notes ?? [];
  });
  return taken;
}

const won = ({ sale, refused, dealId }: Taken): boolean => sale.kind === 'WON' && !refused && dealId !== '';

async function recordQuotes({ api, dryRun }: Context, taken: Taken[]): Promise<void> {
  const asked = taken.filter(won);
  const results = await api.importItems<ItemResult>('/v1/quotes:import', asked.map(quoteItem), (result) => result);
  results.forEach((result, index) => {
    const each = asked[index]!;
    settle(each, result);
    each.quoteId = dryRun && outcomeOf(result) === 'created' ? '' : result.id;
  });
}

async function recordOrders({ api }: Context, taken: Taken[]): Promise<void> {
  const asked = taken.filter((each) => won(each) && each.quoteId !== '');
  const results = await api.importItems<ItemResult>('/v1/orders:import', asked.map(orderItem), (result) => result);
  results.forEach((result, index) => settle(asked[index]!, result));
}

/** A row is refused when any part of it is, created when any part is new, unchanged when all was there. */
function settle(taken: Taken, result: ItemResult): void {
  const outcome = outcomeOf(result);
  const first = taken.dealId === '';
  if (outcome === 'refused') taken.refused = result;
  taken.outcome = outcome === 'refused' ? 'refused' : first || taken.outcome === 'unchanged' ? outcome : taken.outcome;
}

function reportAll({ mapping, report }: Context, taken: Taken[]): void {
  for (const { sale, outcome, refused, conflicts } of taken) {
    if (refused) report.refuse(sale.place, refusalOf(refused, mapping.pipeline, sale.values));
    else if (sale.kind === 'INCOMPLETE') report.row(sale.place, 'incomplete', whyIncomplete(mapping.pipeline.columns, sale));
    else report.row(sale.place, outcome);
    for (const text of refused ? [] : conflicts) report.conflict(sale.place, text);
  }
}

const whyIncomplete = (columns: Record<string, string>, sale: Sale) =>
  sale.account
    ? { column: columns['stage']!, value: sale.values['stage']!, reason: 'NOT_QUALIFIED', text: 'kept as a draft with what is known' }
    : { column: columns['account']!, value: '', reason: 'NO_ACCOUNT', text: 'kept as a draft without its customer' };
