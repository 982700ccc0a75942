import type { Money } from '@openprm/money';

/** Numbers of the review rules; defaults are those of the program, each can be set by configuration. */
export interface ReviewSettings {
  /** Currency of the tier limits. */
  baseCurrency: string;
  /** Highest amount without review in minor units of the base currency, by tier code. */
  tierLimits: Readonly<Record<string, bigint>>;
  /** Limit for a partner without a tier or with an unknown one. */
  lowestTier: string;
  firstOrders: number;
  medianFactor: bigint;
  /** Orders of the last month between this share of the limit and the limit that look like splitting. */
  justUnderPercent: bigint;
  justUnderOrders: number;
  discountAtLimitInARow: number;
  youngMembershipDays: number;
  watchedCountries: readonly string[];
  freeMailDomains: ReadonlySet<string>;
}

/** Mail providers whose addresses say nothing about a company. */
export const freeMailDomains: ReadonlySet<string> = new Set(
  (
    'gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com icloud.com me.com mac.com aol.com gmx.com gmx.de gmx.net web.de ' +
    'mail.com mail.ru yandex.com yandex.ru proton.me protonmail.com zoho.com qq.com 163.com 126.com libero.it orange.fr free.fr laposte.net t-online.de'
  ).split(' '),
);

export const defaultSettings: ReviewSettings = {
  baseCurrency: 'USD',
  tierLimits: { BRONZE: 1_000_000n, SILVER: 2_500_000n, GOLD: 10_000_000n, PLATINUM: 25_000_000n },
  lowestTier: 'BRONZE',
  firstOrders: 3,
  medianFactor: 3n,
  justUnderPercent: 90n,
  justUnderOrders: 3,
  discountAtLimitInARow: 3,
  youngMembershipDays: 7,
  watchedCountries: [],
  freeMailDomains,
};

export const tierLimitOf = (settings: ReviewSettings, tier: string | null): Money => ({
  minor: settings.tierLimits[tier ?? settings.lowestTier] ?? settings.tierLimits[settings.lowestTier] ?? 0n,
  currency: settings.baseCurrency,
});
