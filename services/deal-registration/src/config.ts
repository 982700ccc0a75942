import { integer, readConfig, text } from '@openprm/config';
import { serviceSettings } from '@openprm/lifecycle';
import { fromGoogleMoney } from '@openprm/money';
import type { Settings } from './deps';

/** The only reader of the environment. */
export const config = () =>
  readConfig({
    ...serviceSettings,
    DESK_TIME_ZONE: text('UTC'),
    DESK_START_HOUR: integer(9, { min: 0, max: 23 }),
    DESK_END_HOUR: integer(17, { min: 1, max: 24 }),
    RM_APPROVAL_LIMIT: integer(100_000),
    RM_APPROVAL_CURRENCY: text('EUR'),
    CONFLICT_CHECKS_PER_DAY: integer(20, { min: 1, max: 10_000 }),
  });

export const toSettings = (values: ReturnType<typeof config>): Settings => ({
  calendar: { timeZone: values.DESK_TIME_ZONE, startHour: values.DESK_START_HOUR, endHour: values.DESK_END_HOUR },
  relationshipManagerLimit: fromGoogleMoney({
    currencyCode: values.RM_APPROVAL_CURRENCY,
    units: BigInt(values.RM_APPROVAL_LIMIT),
    nanos: 0,
  }),
  checksPerDay: values.CONFLICT_CHECKS_PER_DAY,
});

export const defaultSettings: Settings = {
  calendar: { timeZone: 'UTC', startHour: 9, endHour: 17 },
  relationshipManagerLimit: { minor: 10_000_000n, currency: 'USD' },
  checksPerDay: 20,
};
