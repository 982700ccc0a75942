import type { Money } from '@openprm/money';
import type { DiscountRights, Tier } from './approval';
import type { CatalogScope, PriceRule, ProductFacts } from './catalog';
import type { QuoteLine } from './line';
import type { BookPrice, PriceFacts, VolumeBreak } from './pricing';
import { standingOf, type Offer, type Protection } from './protection';
import type { Quote } from './quote';
import { DEFAULT_VALIDITY_DAYS, type PartnerStanding } from './quote-life';

/** What a program says to a partner enrolled in it. */
export interface ProgramTerms {
  programId: string;
  registrationBps: number;
  validityDays: number;
  lineConfirmation: boolean;
  /** Quotes above it need approval. */
  limit: Money | null;
}

export interface PartnerFacts {
  id: string;
  name: string;
  active: boolean;
  /** The caller may act for it. */
  acts: boolean;
  enrolled: boolean;
  tier: Tier;
  catalogScope: CatalogScope;
  priceRule: PriceRule;
  maxDiscountBps: number | null;
  /** Of its active enrolments, oldest first. */
  terms: ProgramTerms[];
}

export interface ProductPrices {
  list: BookPrice | null;
  /** By partner. */
  custom: ReadonlyMap<string, BookPrice>;
  volumeBreaks: readonly VolumeBreak[];
}

/** What rules ask about a quote's surroundings. */
export interface QuoteFacts {
  products: ReadonlyMap<string, ProductFacts>;
  prices: ReadonlyMap<string, ProductPrices>;
  partners: ReadonlyMap<string, PartnerFacts>;
  protections: Protection[];
  customer: { name: string; country: string; readable: boolean } | null;
  /** Program of the quote's deal. */
  programId: string | null;
  number: string;
}

const NO_TERMS: ProgramTerms = {
  programId: '',
  registrationBps: 0,
  validityDays: DEFAULT_VALIDITY_DAYS,
  lineConfirmation: false,
  limit: null,
};

/** Terms of the program the deal was registered under, else of the partner's first. */
export function termsOf(facts: QuoteFacts, partnerId: string): ProgramTerms {
  const terms = facts.partners.get(partnerId)?.terms ?? [];
  return terms.find((each) => each.programId === facts.programId) ?? terms[0] ?? NO_TERMS;
}

export const rightsIn =
  (facts: QuoteFacts) =>
  (partnerId: string): DiscountRights => {
    const partner = facts.partners.get(partnerId);
    return { tier: partner?.tier ?? 'BRONZE', maxDiscountBps: partner?.maxDiscountBps ?? null };
  };

export const standingIn =
  (facts: QuoteFacts) =>
  (partnerId: string): PartnerStanding => {
    const partner = facts.partners.get(partnerId);
    return { active: partner?.active ?? false, enrolled: partner?.enrolled ?? false };
  };

/** What the price of each line depends on. */
export function priceFactsIn(facts: QuoteFacts, quote: Quote, now: Date): (line: QuoteLine) => PriceFacts {
  const { partnerId: ownerId, dealId, opportunityId, customerId } = quote;
  const offer: Offer = { ownerId, dealId, opportunityId, customerId, country: facts.customer?.country ?? '' };
  return (line) => {
    const prices = facts.prices.get(line.productId);
    const { holder, barred } = standingOf(facts.protections, offer, line, now);
    return {
      list: prices?.list ?? null,
      custom: prices?.custom.get(line.linePartnerId) ?? null,
      rule: facts.partners.get(line.linePartnerId)?.priceRule ?? 'LIST',
      volumeBreaks: prices?.volumeBreaks ?? [],
      registrationBps: holder ? termsOf(facts, line.linePartnerId).registrationBps : 0,
      barred,
    };
  };
}
