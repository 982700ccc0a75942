import { integer, readConfig } from '@openprm/config';
import { serviceSettings } from '@openprm/lifecycle';

/** The only reader of the environment. */
export const config = () => readConfig({ ...serviceSettings, EXPIRY_SECONDS: integer(60, { min: 1, max: 86_400 }) });
