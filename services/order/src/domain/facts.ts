import type { Money } from '@openprm/money';

/** What the rules need to know of one partner of an order. */
export interface PartnerFacts {
  id: string;
  name: string;
  /** State in the directory, e.g. ACTIVE. */
  state: string;
  /** True when at least one program has it enrolled. */
  enrolled: boolean;
  /** Highest tier code over its active enrolments, e.g. GOLD; null without one. */
  tier: string | null;
  /** Product scopes it may sell, e.g. `standard`. */
  catalogScope: string;
  /** Discount it may give without approval, in basis points. */
  maxDiscountBasisPoints: number;
  /** Domain of its website, lower case; empty when unknown. */
  domain: string;
}

/** What the rules need to know of the end customer. */
export interface CustomerFacts {
  id: string;
  name: string;
  country: string;
  city: string;
  taxId: string;
  /** Domain of its website, lower case; empty when unknown. */
  domain: string;
  /** Domain of the contact's mail address, lower case; empty when unknown. */
  mailDomain: string;
}

/** What earlier orders say; the order in question never counts. */
export interface HistoryFacts {
  /** Orders of the partner that were handed in and not rejected or cancelled. */
  ordersOfPartner: number;
  /** Such orders of any partner for the same customer. */
  ordersOfCustomer: number;
  /** Totals of the partner's such orders in this currency, last six months. */
  recentTotals: bigint[];
  /** Totals of the partner's such orders in this currency, last thirty days. */
  monthTotals: bigint[];
  /** How many of the partner's latest orders in a row used the whole discount it may give. */
  discountAtLimitInARow: number;
  /** Number of an order with the same partner, customer, lines and amount within 24 hours. */
  equalOrder: string | null;
}

export interface QuoteLine {
  id: string;
  productId: string | null;
  productName: string;
  productFamily: string | null;
  /** Catalog scope of the product: standard, extended or full. */
  productScope: string;
  quantity: bigint;
  linePartnerId: string;
  amount: Money;
  /** Discount given by hand, in basis points. */
  discountBasisPoints: number;
  /** True when the line's partner lets the other partners see its amount. */
  shared: boolean;
}

/** The quote as the copy here knows it. */
export interface QuoteFacts {
  id: string;
  number: string;
  state: string;
  partnerId: string;
  customerId: string;
  opportunityId: string | null;
  dealId: string | null;
  currency: string;
  total: Money;
  validUntil: Date | null;
  acceptTime: Date | null;
  lines: QuoteLine[];
}

/** Everything a rule may ask when an order is handed in. */
export interface Facts {
  /** Null for an order from outside without a quote. */
  quote: QuoteFacts | null;
  partners: ReadonlyMap<string, PartnerFacts>;
  customer: CustomerFacts | null;
  history: HistoryFacts;
  /** Product families on which another partner holds a protection with this customer; `*` covers all. */
  foreignFamilies: readonly string[];
  /** When the person who hands in got the membership; null for the enterprise and for programs. */
  memberSince: Date | null;
}
