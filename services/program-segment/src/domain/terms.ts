import type { Money } from '@openprm/money';
import type { EntitlementRow, Level } from './entitlements';
import type { Settings } from './settings';

/** A tier of a program; rank 1 is the lowest. */
export interface Tier {
  code: string;
  label: string;
  rank: number;
}

export interface DealTypeOffer {
  dealType: string;
  /** Tiers that may register it; all when empty. */
  tiers: string[];
  /** Selling model proposed for it; the program's default when empty. */
  sellingModel: string;
}

/** A measurable condition. Stored and shown; the place where automatic evaluation will read from. */
export interface Criterion {
  code: string;
  target: Level;
  targetCode: string;
  metric: string;
  operator: string;
  threshold: string;
  currencyCode: string;
  windowMonths: number;
  description: string;
}

export interface TierAmount {
  tier: string;
  amount: Money;
}

/** Everything a version of a program says. */
export interface Terms {
  name: string;
  description: string;
  kind: string;
  openForApplication: boolean;
  termsVersion: string;
  termsUrl: string;
  tiers: Tier[];
  defaultTier: string;
  segments: string[];
  entitlements: EntitlementRow[];
  dealTypes: DealTypeOffer[];
  defaultSellingModel: string;
  baseCurrency: string;
  criteria: Criterion[];
  settings: Settings;
}

export const lowestTier = (tiers: Tier[]): string => [...tiers].sort((left, right) => left.rank - right.rank)[0]?.code ?? '';

export const rankOfTier = (terms: Terms, code: string): number => terms.tiers.find((tier) => tier.code === code)?.rank ?? 0;

/** Deal types a member of this tier may register. */
export const dealTypesFor = (terms: Terms, tier: string): DealTypeOffer[] =>
  terms.dealTypes.filter((offer) => offer.tiers.length === 0 || offer.tiers.includes(tier));
