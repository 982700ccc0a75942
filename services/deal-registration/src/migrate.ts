import { runMigrations } from '@openprm/lifecycle';
import { migrations } from './app';

void runMigrations('deal-registration', migrations);
