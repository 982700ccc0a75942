import { runProcess } from '@openprm/lifecycle';
import { startIdentity } from './app';
import { loadConfig } from './config';

void runProcess('identity', (log) => startIdentity(loadConfig(), log));
