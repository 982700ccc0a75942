import { init } from './init';

export const migrations = [init];
