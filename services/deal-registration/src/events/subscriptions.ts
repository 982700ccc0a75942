import { accessSubscriptions } from '@openprm/access';
import { word } from '@openprm/contracts';
import * as orders from '@openprm/contracts/order';
import * as directory from '@openprm/contracts/partnerdirectory';
import * as programs from '@openprm/contracts/programsegment';
import * as quoting from '@openprm/contracts/quoting';
import { on, type EventHandler } from '@openprm/messaging';
import { copyPartnership } from '../db/partnerships';
import { copyCustomer, copyOrder, copyQuote } from '../db/references';
import type { Deps } from '../deps';
import { onPartnerTerminated } from './on-partner-terminated';
import { toTerms } from './to-terms';

// Every event of a quote, because a stage may need any state to have been left again.
const QUOTE_EVENTS = [
  quoting.QuoteCreated,
  quoting.QuoteEdited,
  quoting.QuotePriced,
  quoting.QuoteApprovalRequested,
  quoting.QuoteApproved,
  quoting.QuoteRejected,
  quoting.QuoteRecalled,
  quoting.QuotePresented,
  quoting.QuoteAccepted,
  quoting.QuoteDeclined,
  quoting.QuoteRevised,
  quoting.QuoteSuperseded,
  quoting.QuoteCancelled,
  quoting.QuoteExpired,
  quoting.QuoteOrdered,
  quoting.QuoteImported,
] as const;

const ORDER_EVENTS = [
  orders.OrderCreated,
  orders.OrderImported,
  orders.OrderLinked,
  orders.OrderSubmitted,
  orders.OrderReviewRequested,
  orders.OrderInfoRequested,
  orders.OrderInfoAnswered,
  orders.OrderApproved,
  orders.OrderRejected,
  orders.OrderFulfilmentStarted,
  orders.OrderLineFulfilled,
  orders.OrderHeld,
  orders.OrderReleased,
  orders.OrderCancelRequested,
  orders.OrderCancelRefused,
  orders.OrderCancelled,
] as const;

/** What this service hears of others: copies for its rules, and the end of a partnership. */
export const subscriptions = (deps: Deps): EventHandler[] => [
  ...accessSubscriptions.map((handler) =>
    handler.types.includes(directory.PartnerTerminated.$type) ? followedBy(handler, deps) : handler,
  ),
  on(programs.PartnershipChanged, (tx, { partnership }) =>
    copyPartnership(tx, partnership!.partnerId, partnership!.version, toTerms(partnership!)),
  ),
  on([directory.CustomerCreated, directory.CustomerUpdated], (tx, { customer }) =>
    copyCustomer(tx, { ...customer!, version: Number(customer!.etag), partnerId: customer!.partnerId || null }),
  ),
  on(QUOTE_EVENTS, (tx, { quote }) =>
    copyQuote(tx, {
      ...quote!,
      version: Number(quote!.etag),
      dealId: quote!.dealId || null,
      opportunityId: quote!.opportunityId || null,
      state: word(quoting.QuoteState, quote!.state) ?? '',
    }),
  ),
  on(ORDER_EVENTS, (tx, { order }) =>
    copyOrder(tx, {
      id: order!.id,
      version: Number(order!.etag),
      dealId: order!.dealId || null,
      opportunityId: order!.opportunityId || null,
      quoteId: order!.quoteId || null,
      state: word(orders.OrderState, order!.state) ?? '',
    }),
  ),
];

/** The copy comes first; then what the end of a partnership means here. */
function followedBy(handler: EventHandler, deps: Deps): EventHandler {
  return {
    types: handler.types,
    async handle(tx, event) {
      await handler.handle(tx, event);
      if (event.type === directory.PartnerTerminated.$type) await onPartnerTerminated(tx, deps, event.subject);
    },
  };
}
