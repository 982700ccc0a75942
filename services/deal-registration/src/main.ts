import { runProcess, startService } from '@openprm/lifecycle';
import { app } from './app';
import { config, toSettings } from './config';

void runProcess('deal-registration', (log) => {
  const values = config();
  return startService(app(toSettings(values)), values, log);
});
