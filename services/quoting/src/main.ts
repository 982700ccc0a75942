import { runProcess, startService } from '@openprm/lifecycle';
import { app } from './app';
import { config } from './config';

void runProcess('quoting', (log) => {
  const settings = config();
  return startService(app({ expiryEveryMs: settings.EXPIRY_SECONDS * 1_000 }), settings, log);
});
