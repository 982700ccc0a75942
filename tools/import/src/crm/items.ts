import type { Sale } from './sale';
import type { Taken } from './record-sales';

const source = 'crm';
const at = (day: string): string => `${day}T00:00:00Z`;
const keyOf = (sale: Sale): string => `crm:${sale.place.key}`;

/** What a won or lost deal was worth is its value; what was lost or is open counts with the list price. */
const amountOf = (sale: Sale) => (sale.kind === 'WON' ? sale.value! : sale.product.price);

export function dealItem(sale: Sale): object {
  const { agent, product, account, engaged, closed } = sale;
  const deal = {
    partnerId: agent.partnerId,
    ownerPersonId: agent.personId,
    title: account ? `${account.name}: ${product.name}` : product.name,
    ...(account && { customer: { customerId: account.id, name: account.name, country: account.country } }),
    lines: [{ productId: product.id, productName: product.name, productFamily: product.family, quantity: 1, amount: amountOf(sale) }],
    amount: amountOf(sale),
    ...(closed && { expectedCloseDate: closed }),
  };
  const times = engaged ? { createTime: at(engaged) } : {};
  if (sale.kind === 'INCOMPLETE') return { externalId: keyOf(sale), deal, targetState: 'DEAL_STATE_DRAFT', ...times };
  return {
    externalId: keyOf(sale),
    deal,
    targetState: 'DEAL_STATE_CONVERTED',
    ...times,
    approveTime: at(engaged!),
    opportunity: opportunityOf(sale),
  };
}

function opportunityOf(sale: Sale): object {
  const stage = { WON: 'CLOSED_WON', LOST: 'CLOSED_LOST', ENGAGING: 'DEVELOP', INCOMPLETE: 'PROSPECT' }[sale.kind];
  const closing = sale.kind === 'WON' || sale.kind === 'LOST' ? { closeDate: sale.closed!, closeReason: 'CLOSE_REASON_OTHER' } : {};
  return { stage: `OPPORTUNITY_STAGE_${stage}`, amount: amountOf(sale), ...closing };
}

export const quoteItem = ({ sale, dealId, opportunityId }: Taken): object => ({
  externalId: keyOf(sale),
  partnerId: sale.agent.partnerId,
  dealId,
  opportunityId,
  customerId: sale.account!.id,
  productId: sale.product.id,
  quantity: 1,
  agreedValue: sale.value,
  createTime: at(sale.engaged!),
  orderTime: at(sale.closed!),
});

export const orderItem = ({ sale, dealId, opportunityId, quoteId }: Taken): object => ({
  externalId: keyOf(sale),
  source,
  partnerId: sale.agent.partnerId,
  customerId: sale.account!.id,
  currencyCode: sale.value!.currencyCode,
  lines: [{ productId: sale.product.id, productName: sale.product.name, quantity: '1', amount: sale.value }],
  state: 'ORDER_STATE_FULFILLED',
  orderTime: at(sale.closed!),
  fulfilTime: at(sale.closed!),
  quoteId,
  opportunityId,
  dealId,
  ownerEmail: sale.agent.email,
});
