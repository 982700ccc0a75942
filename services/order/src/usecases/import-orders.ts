import { invalid, PrmError } from '@openprm/errors';
import type { Money } from '@openprm/money';
import { importBatch, type Command, type ImportResult, type Tx } from '@openprm/postgres';
import { findQuotes, findReferences, loadFacts } from '../db/facts';
import { findImported, lockImport, sourceKey } from '../db/imports';
import { takeNumbers } from '../db/orders';
import type { Deps } from '../deps';
import type { Decision } from '../domain/decision';
import { importOrder } from '../domain/import';
import type { Making } from '../domain/new-order';
import type { ShipTo } from '../domain/order';
import { submitOrder } from '../domain/submit';
import { storeOrder } from './store';

export interface ImportedItem {
  externalId: string;
  source: string;
  partnerId: string;
  customerId: string;
  currency: string;
  /** The amount throws when it cannot be read, which refuses its item alone. */
  lines: { productId: string | null; productName: string; quantity: bigint; linePartnerId: string; amount: () => Money }[];
  delivered: boolean;
  orderTime: Date | null;
  fulfilTime: Date | null;
  quoteId: string | null;
  opportunityId: string | null;
  dealId: string | null;
  ownerEmail: string;
  shipTo: Partial<ShipTo> | null;
  purchaseOrderNumber: string;
}

/** Records a batch in one transaction; each item is answered on its own, a refused one writes nothing. Seven statements however many items. */
export const importOrders = (deps: Deps, command: Command, items: ImportedItem[], validateOnly: boolean): Promise<ImportResult[]> =>
  importBatch(deps, command, validateOnly, (tx) => importAll(tx, deps, command, items));

type Answer = ImportResult | { item: ImportedItem; decision: Decision };

async function importAll(tx: Tx, deps: Deps, command: Command, items: ImportedItem[]): Promise<ImportResult[]> {
  await lockImport(tx);
  const seen = await findImported(tx, items);
  const partnerIds = items.flatMap((item) => [item.partnerId, ...item.lines.map((line) => line.linePartnerId)]);
  const references = await findReferences(
    tx,
    partnerIds,
    items.map((item) => item.customerId),
    items.flatMap((item) => item.ownerEmail || []),
  );
  const quotes = await findQuotes(
    tx,
    items.flatMap((item) => item.quoteId ?? []),
  );
  const fresh = items.filter((item) => !seen.known.has(sourceKey(item.source, item.externalId)));
  const numbers = fresh.length > 0 ? await takeNumbers(tx, fresh.length) : [];
  const answers = items.map((item): Answer => {
    const id = seen.known.get(sourceKey(item.source, item.externalId));
    if (id) return { externalId: item.externalId, outcome: 'UNCHANGED', id };
    return answerItem(item, () => {
      if (item.quoteId && seen.ordered.has(item.quoteId))
        throw invalid('quote_id', 'The quote has its order already.', 'QUOTE_ALREADY_ORDERED');
      const making = { id: deps.newId(), number: numbers.pop()!, newId: deps.newId, by: command.principal, now: command.now };
      const decision = recorded(item, { ...references, quotes }, making);
      // The same key or quote twice in one batch: the first one wins.
      seen.known.set(sourceKey(item.source, item.externalId), decision.order.id);
      if (item.quoteId) seen.ordered.add(item.quoteId);
      return decision;
    });
  });
  return storeAll(tx, deps, command, answers);
}

/** Hands in what still has to be delivered, and stores. */
async function storeAll(tx: Tx, deps: Deps, command: Command, answers: Answer[]): Promise<ImportResult[]> {
  const pending = answers.flatMap((answer) => ('decision' in answer && !answer.item.delivered ? [answer] : []));
  const facts = await loadFacts(
    tx,
    pending.map(({ decision }) => ({ order: decision.order, principal: command.principal })),
    command.now,
  );
  return answers.map((answer) => {
    if (!('decision' in answer)) return answer;
    const place = pending.indexOf(answer);
    // A key of its own says that an equal order is meant; it is only marked.
    const handedIn = (): Decision =>
      submitOrder(
        answer.decision,
        { facts: facts[place]!, settings: deps.settings, by: command.principal, confirmDuplicate: true },
        command.now,
      );
    const last = answerItem(answer.item, () => (place < 0 ? answer.decision : handedIn()));
    return 'decision' in last
      ? { externalId: answer.item.externalId, outcome: 'CREATED', id: storeOrder(tx, deps, command, null, last.decision).id }
      : last;
  });
}

function answerItem(item: ImportedItem, decide: () => Decision): Answer {
  try {
    return { item, decision: decide() };
  } catch (error) {
    if (!(error instanceof PrmError)) throw error;
    return {
      externalId: item.externalId,
      outcome: 'REFUSED',
      violations: error.details.violations ?? [{ field: '', description: error.message, reason: error.reason }],
    };
  }
}

type References = Awaited<ReturnType<typeof findReferences>> & { quotes: Awaited<ReturnType<typeof findQuotes>> };

/** What is referred to may have been recorded elsewhere a moment ago; the text says so, because a repeat then helps. */
function recorded(item: ImportedItem, { partners, customers, owners, quotes }: References, making: Making): Decision {
  const partner = partners.get(item.partnerId) ?? unknown('partner_id', 'UNKNOWN_PARTNER', 'partner');
  const customer = customers.get(item.customerId) ?? unknown('customer_id', 'UNKNOWN_CUSTOMER', 'customer');
  const quote = item.quoteId ? (quotes.get(item.quoteId) ?? unknown('quote_id', 'UNKNOWN_QUOTE', 'quote')) : null;
  const owner = item.ownerEmail ? (owners.get(item.ownerEmail) ?? unknown('owner_email', 'UNKNOWN_OWNER', 'person')) : null;
  const orderTime = item.orderTime ?? making.now;
  const families = new Map(quote?.lines.map((line) => [line.productId, line.productFamily]));
  const lines = item.lines.map((line, index) => ({
    ...line,
    productFamily: families.get(line.productId) ?? null,
    linePartnerName: partners.get(line.linePartnerId)?.name ?? unknown(`lines[${index}].line_partner_id`, 'UNKNOWN_PARTNER', 'partner'),
    amount: line.amount(),
  }));
  return importOrder({ ...item, partner, customer, quote, owner, lines, orderTime, fulfilTime: item.fulfilTime ?? orderTime }, making);
}

function unknown(field: string, reason: string, what: string): never {
  throw invalid(field, `No such ${what} is known here. One recorded a moment ago arrives within a second: repeat.`, reason);
}
