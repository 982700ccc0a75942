import { readConfig } from '@openprm/config';
import { serviceSettings } from '@openprm/lifecycle';

/** The only reader of the environment. */
export const config = () => readConfig(serviceSettings);
