import { failedPrecondition, invalid } from '@openprm/errors';
import { isCurrency } from '@openprm/money';
import { transact, type Command, type Tx } from '@openprm/postgres';
import { loadFacts } from '../db/facts';
import type { LoadedQuote, Reach } from '../db/quotes';
import { loadSource, type Source } from '../db/sources';
import type { Deps } from '../deps';
import { termsOf, type QuoteFacts } from '../domain/facts';
import { replaceLines, type LineInput } from '../domain/line';
import type { QuoteHeader } from '../domain/quote';
import * as life from '../domain/quote-life';
import { lineContext } from './line-context';
import { by, storeNewQuote } from './store';

export interface CreateQuoteInput {
  partnerId: string;
  dealId: string;
  opportunityId: string;
  customerId: string;
  currency: string;
  header: Partial<QuoteHeader>;
  lines: LineInput[];
  /** The caller's only organisation, where there is just one. */
  homeId: string;
}

/** Begins a quote, blank or from a deal or opportunity. Three statements, however many lines. */
export function createQuote(deps: Deps, command: Command, reach: Reach, input: CreateQuoteInput): Promise<LoadedQuote> {
  return transact(deps, command, async (tx) => {
    const source = await sourceOf(tx, reach, input);
    const header = headOf(input, source);
    const inputs: LineInput[] = input.lines.length > 0 ? input.lines : source.lines;
    const productIds = inputs.flatMap((line) => line.productId ?? []);
    const partnerIds = [...new Set([header.partnerId, ...inputs.flatMap((line) => line.linePartnerId ?? [])])];
    const facts = await loadFacts(tx, {
      productIds,
      partnerIds,
      ...header,
      now: command.now,
      write: reach.write,
      read: reach.read,
      enterprise: reach.enterprise,
      number: true,
    });
    checkOwner(facts, header.partnerId);
    const customerName = customerNameOf(facts, header.customerId, source);
    const lines = replaceLines([], inputs, lineContext(facts, header.partnerId, reach, deps.newId));
    const validityDays = termsOf(facts, header.partnerId).validityDays;
    const decision = life.createQuote(
      { ...header, id: deps.newId(), number: facts.number, customerName, header: input.header, validityDays, lines },
      command.now,
    );
    const names = Object.fromEntries([...facts.partners].map(([id, partner]) => [id, partner.name]));
    const quote = storeNewQuote(tx, deps, { names, related: source.related }, decision, by(command, 'create'));
    const acts = new Set([...facts.partners].filter(([, partner]) => partner.acts).map(([id]) => id));
    return { quote, names, related: source.related, sees: acts, acts, manages: new Set<string>(), inactive: new Set<string>() };
  });
}

const BLANK: Source = {
  partnerId: null,
  customerId: null,
  customerName: '',
  dealId: null,
  opportunityId: null,
  currency: '',
  lines: [],
  related: [],
};

async function sourceOf(tx: Tx, reach: Reach, { dealId, opportunityId }: CreateQuoteInput): Promise<Source> {
  if (!dealId && !opportunityId) return BLANK;
  const source = await loadSource(tx, reach, { dealId, opportunityId });
  if (!source)
    throw invalid(
      opportunityId ? 'quote.opportunity_id' : 'quote.deal_id',
      'is not known here, or not yet: check the id, or repeat in a second.',
      'UNKNOWN_DEAL',
    );
  return source;
}

function headOf(input: CreateQuoteInput, source: Source) {
  const partnerId = input.partnerId || source.partnerId || input.homeId;
  if (!partnerId) throw invalid('quote.partner_id', 'name the partner that owns the quote.', 'UNKNOWN_PARTNER');
  const currency = input.currency || source.currency;
  if (!isCurrency(currency)) throw invalid('quote.currency', 'give an ISO 4217 currency, e.g. EUR.', 'CURRENCY');
  if (input.customerId && source.customerId && input.customerId !== source.customerId) {
    throw invalid('quote.customer_id', 'differs from the customer of the deal: leave it empty.', 'UNKNOWN_CUSTOMER');
  }
  return {
    partnerId,
    currency,
    customerId: source.customerId ?? (input.customerId || null),
    dealId: source.dealId,
    opportunityId: source.opportunityId,
  };
}

/** A partner outside the caller's reach is as unknown as one that is not there. */
function checkOwner(facts: QuoteFacts, partnerId: string): void {
  const owner = facts.partners.get(partnerId);
  if (!owner?.acts) throw invalid('quote.partner_id', 'is not a partner you can quote for.', 'UNKNOWN_PARTNER');
  if (!owner.active) throw failedPrecondition('PARTNER_NOT_ACTIVE', 'The partner is not active: it cannot begin a quote.');
}

function customerNameOf(facts: QuoteFacts, customerId: string | null, source: Source): string {
  if (!customerId || source.customerId) return facts.customer?.name ?? source.customerName;
  if (!facts.customer?.readable) throw invalid('quote.customer_id', 'is not a customer you can see.', 'UNKNOWN_CUSTOMER');
  return facts.customer.name;
}
