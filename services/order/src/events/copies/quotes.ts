import { word } from '@openprm/contracts';
import { QuoteState, type Quote, type QuoteLine } from '@openprm/contracts/quoting';
import { fromGoogleMoney } from '@openprm/money';
import { run, type Tx } from '@openprm/postgres';
import type { QuoteLineJson } from '../../db/facts';

export async function copyQuote(tx: Tx, quote: Quote): Promise<void> {
  const state = word(QuoteState, quote.state) ?? '';
  const total = quote.totals?.netAmount ? fromGoogleMoney(quote.totals.netAmount).minor : 0n;
  const lines = quote.lines.map(toLineJson);
  await run(
    tx,
    `insert into ref_quotes (id, number, state, partner_id, customer_id, opportunity_id, deal_id, currency, total_minor, valid_until, accept_time, lines, version)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13)
     on conflict (id) do update set number = excluded.number, state = excluded.state, customer_id = excluded.customer_id, opportunity_id = excluded.opportunity_id,
       deal_id = excluded.deal_id, currency = excluded.currency, total_minor = excluded.total_minor, valid_until = excluded.valid_until,
       accept_time = excluded.accept_time, lines = excluded.lines, version = excluded.version
     where ref_quotes.version < excluded.version`,
    [
      quote.id,
      quote.number,
      state,
      quote.partnerId,
      quote.customerId || null,
      quote.opportunityId || null,
      quote.dealId || null,
      quote.currency,
      total,
      quote.validUntil ?? null,
      quote.acceptTime ?? null,
      JSON.stringify(lines),
      quote.etag,
    ],
  );
}

/** Amounts as text, because JSON's numbers lose digits. A line without its price counts nothing; such a quote cannot be accepted. */
const toLineJson = (line: QuoteLine): QuoteLineJson => ({
  id: line.id,
  productId: line.productId || null,
  productName: line.productName,
  productFamily: line.family || null,
  quantity: String(line.quantity),
  linePartnerId: line.linePartnerId,
  amount: line.netAmount ? fromGoogleMoney(line.netAmount).minor.toString() : '0',
  discountBasisPoints: line.discountBasisPoints,
  shared: line.shared,
});
