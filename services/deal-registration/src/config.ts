import { integer, readConfig, text, type Setting } from '@openprm/config';
import { serviceSettings } from '@openprm/lifecycle';
import { fromGoogleMoney, type Money } from '@openprm/money';
import type { Settings } from './deps';

/** Amounts in whole units per currency, e.g. `USD:100000,EUR:90000`. */
const limits = (fallback: string): Setting<Money[]> => ({
  read: (raw = fallback) =>
    raw.split(',').map((each) => {
      const [, currency, units] = /^([A-Z]{3}):(\d{1,12})$/.exec(each.trim()) ?? [];
      if (!currency || !units) throw new Error(`"${each}" is no amount like USD:100000.`);
      return fromGoogleMoney({ currencyCode: currency, units: BigInt(units), nanos: 0 });
    }),
});

/** The only reader of the environment. */
export const config = () =>
  readConfig({
    ...serviceSettings,
    DESK_TIME_ZONE: text('UTC'),
    DESK_START_HOUR: integer(9, { min: 0, max: 23 }),
    DESK_END_HOUR: integer(17, { min: 1, max: 24 }),
    RM_APPROVAL_LIMITS: limits('USD:100000,EUR:100000,GBP:100000,CHF:100000'),
    CONFLICT_CHECKS_PER_DAY: integer(20, { min: 1, max: 10_000 }),
  });

export const toSettings = (values: ReturnType<typeof config>): Settings => ({
  calendar: { timeZone: values.DESK_TIME_ZONE, startHour: values.DESK_START_HOUR, endHour: values.DESK_END_HOUR },
  relationshipManagerLimits: values.RM_APPROVAL_LIMITS,
  checksPerDay: values.CONFLICT_CHECKS_PER_DAY,
});

export const defaultSettings: Settings = {
  calendar: { timeZone: 'UTC', startHour: 9, endHour: 17 },
  relationshipManagerLimits: [{ minor: 10_000_000n, currency: 'USD' }],
  checksPerDay: 20,
};
