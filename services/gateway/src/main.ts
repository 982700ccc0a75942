import { runProcess } from '@openprm/lifecycle';
import { startGateway } from './app';
import { loadConfig } from './config';

void runProcess('gateway', (log) => startGateway(loadConfig(), log));
