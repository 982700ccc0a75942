import { init1700000000001 } from './init';

export const migrations = [init1700000000001];
