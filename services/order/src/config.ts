import { list, readConfig, text, type Setting } from '@openprm/config';
import { serviceSettings } from '@openprm/lifecycle';
import { exponentOf, isCurrency } from '@openprm/money';
import { defaultSettings, type ReviewSettings } from './domain/settings';

const currency: Setting<string> = {
  read(raw) {
    const code = raw ?? defaultSettings.baseCurrency;
    if (!isCurrency(code)) throw new Error(`"${code}" is not an ISO 4217 currency code like USD.`);
    return code;
  },
};

/** `BRONZE=10000,SILVER=25000`: whole units of the base currency per tier code. */
const limits: Setting<Record<string, bigint> | undefined> = {
  read(raw) {
    if (raw === undefined) return undefined;
    return Object.fromEntries(
      raw.split(',').map((part) => {
        const match = /^\s*([A-Z][A-Z0-9_]*)=(\d{1,15})\s*$/.exec(part);
        if (!match) throw new Error(`"${part}" is not like BRONZE=10000.`);
        return [match[1]!, BigInt(match[2]!)];
      }),
    );
  },
};

/** The only reader of the environment. */
export const config = () =>
  readConfig({
    ...serviceSettings,
    ORDER_BASE_CURRENCY: currency,
    ORDER_TIER_LIMITS: limits,
    ORDER_LOWEST_TIER: text(defaultSettings.lowestTier),
    ORDER_WATCHED_COUNTRIES: list(),
  });

export function reviewSettings(settings: ReturnType<typeof config>): ReviewSettings {
  const perUnit = 10n ** BigInt(exponentOf(settings.ORDER_BASE_CURRENCY));
  const given = settings.ORDER_TIER_LIMITS;
  return {
    ...defaultSettings,
    baseCurrency: settings.ORDER_BASE_CURRENCY,
    lowestTier: settings.ORDER_LOWEST_TIER,
    watchedCountries: settings.ORDER_WATCHED_COUNTRIES,
    ...(given && { tierLimits: Object.fromEntries(Object.entries(given).map(([tier, units]) => [tier, units * perUnit])) }),
  };
}
