import { runProcess, startService } from '@openprm/lifecycle';
import { app } from './app';
import { config, reviewSettings } from './config';

void runProcess('order', async (log) => {
  const settings = config();
  return startService(app(reviewSettings(settings)), settings, log);
});
