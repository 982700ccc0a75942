import { runProcess, startService } from '@openprm/lifecycle';
import { app } from './app';
import { config } from './config';

void runProcess('case', (log) => startService(app, config(), log));
