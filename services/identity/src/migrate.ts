import { runMigrations } from '@openprm/lifecycle';
import { migrations } from './db/migrations';

void runMigrations('identity', migrations);
