import { integer, readConfig } from '@openprm/config';
import { serviceSettings } from '@openprm/lifecycle';

/** The only reader of the environment. */
export const config = () => readConfig({ ...serviceSettings, INVITATION_DAYS: integer(7, { min: 1, max: 90 }) });
