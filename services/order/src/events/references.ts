import * as deals from '@openprm/contracts/dealregistration';
import * as directory from '@openprm/contracts/partnerdirectory';
import * as programs from '@openprm/contracts/programsegment';
import * as quoting from '@openprm/contracts/quoting';
import { on, type EventHandler } from '@openprm/messaging';
import { copyCustomer } from './copies/customers';
import { copyDeal } from './copies/deals';
import { copyPartnership } from './copies/partnerships';
import { copyProduct } from './copies/products';
import { copyQuote } from './copies/quotes';

/** Feeds the copies of what the rules of orders need from other services. An older record never overwrites a newer one. */
export const referenceSubscriptions: EventHandler[] = [
  on(programs.PartnershipChanged, (tx, { partnership }) => copyPartnership(tx, partnership!)),
  on([directory.CustomerCreated, directory.CustomerUpdated], (tx, { customer }) => copyCustomer(tx, customer!)),
  on([quoting.ProductCreated, quoting.ProductUpdated, quoting.ProductRepriced, quoting.ProductRetired], (tx, { product }) =>
    copyProduct(tx, product!),
  ),
  on(
    [
      quoting.QuoteCreated,
      quoting.QuoteEdited,
      quoting.QuotePriced,
      quoting.QuoteLinesConfirmed,
      quoting.QuoteLinesRefused,
      quoting.QuoteLineShared,
      quoting.QuoteApprovalRequested,
      quoting.QuoteApprovalStepApproved,
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
    ],
    (tx, { quote }) => copyQuote(tx, quote!),
  ),
  on(
    [
      deals.DealSubmitted,
      deals.DealApproved,
      deals.DealRejected,
      deals.DealWithdrawn,
      deals.DealConverted,
      deals.DealExpired,
      deals.DealRevoked,
      deals.DealProtectionChanged,
      deals.DealImported,
    ],
    (tx, { deal }) => copyDeal(tx, deal!),
  ),
];
